package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/report"
)

// ran is a run of so many rounds in which ours takes half as long as by hand.
func ran(rounds int) report.Run {
	peers := &measure.Scenario{
		Name: "three-stages", Title: "Three stages", Unit: measure.Nanos, Base: "by hand",
		Variants: []measure.Variant{{Name: "ergon", Note: "all & everything"}, {Name: "by hand"}},
		Figures: []measure.Figure{
			{Goal: "P10", What: "ours ÷ by hand", Unit: measure.Times, Must: 0.65, Aim: 0.5, Of: func(r measure.Round) float64 { return r.Ratio("ergon", "by hand") }},
			{Goal: "P2", What: "at least", Unit: measure.Percent, Must: 85, Least: true, Of: func(measure.Round) float64 { return 80 }},
			{What: "beside them", Unit: measure.Nanos, Of: func(measure.Round) float64 { return 7 }},
		},
	}
	other := &measure.Scenario{Name: "queue", Title: "The queue", Unit: measure.Rate, Variants: []measure.Variant{{Name: "enqueue"}}}
	var r report.Run
	for _, s := range []*measure.Scenario{peers, other} {
		o := measure.Outcome{Scenario: s}
		for range rounds {
			o.Rounds = append(o.Rounds, measure.Round{"ergon": {Value: 100, Allocs: 1.5}, "by hand": {Value: 200}, "enqueue": {Value: 4321}})
		}
		for _, f := range s.Figures {
			values := make([]float64, rounds)
			for i, round := range o.Rounds {
				values[i] = f.Of(round)
			}
			o.Results = append(o.Results, measure.Result{Figure: f, Interval: measure.IntervalOf(values)})
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	r.Rounds, r.Began = rounds, time.Date(2026, time.May, 4, 0, 0, 0, 0, time.UTC)
	r.Machine = report.Machine{CPU: "a processor", Cores: 2, OS: "an/os", Go: "go", Versions: []report.Version{{Path: "example.com/peer", Version: "v1.2.3"}}}
	return r
}

func TestTheTableHasALineForEachFigureInTheOrderOfTheGoals(t *testing.T) {
	is := is.New(t)
	var out strings.Builder
	is.NoErr(report.Table(&out, ran(20)))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	is.Equal(len(lines), 4)
	var fields [][]string
	for _, line := range lines[1:] {
		fields = append(fields, strings.Fields(line))
	}
	is.Equal(strings.Join(fields[0], " "), "P2 at least 80.0 % 80.0 % … 80.0 % ≥ 85 % – no")
	is.Equal(strings.Join(fields[1], " "), "P10 ours ÷ by hand 0.50× 0.50× … 0.50× ≤ 0.65× ≤ 0.5× yes, goal too")
	is.Equal(strings.Join(fields[2], " "), "beside them 7.00 ns 7.00 ns … 7.00 ns – – –")
}

func TestSamplesHaveALineForEachVariant(t *testing.T) {
	is := is.New(t)
	var out strings.Builder
	is.NoErr(report.Samples(&out, ran(20)))
	text := strings.Join(strings.Fields(out.String()), " ")
	is.True(strings.Contains(text, "Three stages median 95 % interval allocations ergon 100 ns 100 ns … 100 ns 1.5 by hand 200 ns"))
	is.True(strings.Contains(text, "enqueue 4321/s"))
}

func TestTooFewRoundsAreNoVerdict(t *testing.T) {
	is := is.New(t)
	var out strings.Builder
	is.NoErr(report.Table(&out, ran(6)))
	is.True(strings.Contains(out.String(), "yes, goal too (only 6 rounds)"))
}

func TestThePageHasEverythingThatWasMeasured(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	is.NoErr(report.Write(dir, ran(20)))
	page, err := os.ReadFile(filepath.Join(dir, "benchmarks.md"))
	is.NoErr(err)
	for _, want := range []string{
		"2026-05-04", "a processor, 2 cores", "1 of 2 figures are met", "(benchmarks.svg)", "at 1 ms",
		"| P10 | ours ÷ by hand | 0.50× | 0.50× … 0.50× | ≤ 0.65× | ≤ 0.5× | yes, goal too |",
		"| ergon | 100 (0.50) 1.5 |", "| by hand | 200 (1.00) 0 |", "| enqueue | 4321/s |", "| ergon | all & everything |",
		"| `example.com/peer` | v1.2.3 |",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

func TestThePlotIsXMLForBothGrounds(t *testing.T) {
	is := is.New(t)
	var out bytes.Buffer
	is.NoErr(report.Plot(&out, ran(20)))
	is.True(strings.Contains(out.String(), "prefers-color-scheme:dark")) //nolint:misspell // CSS spells it so
	is.True(strings.Contains(out.String(), ">P10  ours ÷ by hand<"))
	decoder := xml.NewDecoder(&out)
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		is.NoErr(err)
	}
}

func TestARunOfNothingCanBeShown(t *testing.T) {
	is := is.New(t)
	is.NoErr(report.Write(t.TempDir(), report.Run{}))
	is.NoErr(report.Table(io.Discard, report.Run{}))
}
