package program_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/program"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// two is a program of one scenario with two variants, of which a goal needs one.
func two(ran *[]string) program.Program {
	variant := func(name string) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) (measure.Sample, error) {
			*ran = append(*ran, name)
			return measure.Sample{Value: 5}, nil
		}}
	}
	open := func(context.Context, scenarios.Settings) (*measure.Scenario, error) {
		return &measure.Scenario{
			Unit: measure.Nanos, Profile: "ours", Variants: []measure.Variant{variant("ours"), variant("theirs")},
			Figures: []measure.Figure{{Goal: "P1", What: "how long", Unit: measure.Nanos, Must: 6, Of: scenarios.ValueOf("ours"), From: []string{"ours"}}},
		}, nil
	}
	return program.Program{Makers: []scenarios.Maker{{Name: "pair", Title: "A pair", Goals: []string{"P1"}, Open: open}}}
}

func TestTheListNamesEveryScenarioAndItsGoals(t *testing.T) {
	is := is.New(t)
	var out bytes.Buffer
	is.NoErr(two(nil).Run(t.Context(), []string{"-list"}, &out, io.Discard))
	is.Equal(out.String(), "pair  A pair  P1\n")
}

func TestWhatAGoalDoesNotNeedIsNotMeasured(t *testing.T) {
	for args, want := range map[string]string{
		"-rounds 2 -scenario P1":   "ours ours",
		"-rounds 2 -scenario pair": "ours theirs theirs ours",
		"-rounds 2":                "ours theirs theirs ours",
	} {
		t.Run(args, func(t *testing.T) {
			is := is.New(t)
			var ran []string
			var out bytes.Buffer
			is.NoErr(two(&ran).Run(t.Context(), strings.Fields(args), &out, io.Discard))
			is.Equal(strings.Join(ran, " "), want)
			is.True(strings.Contains(out.String(), "yes (only 2 rounds)"))
			is.Equal(strings.Contains(out.String(), "A pair"), strings.Contains(args, "-scenario")) // the samples themselves
		})
	}
}

func TestWhatAScenarioHoldsIsFreedBeforeTheNextOne(t *testing.T) {
	is := is.New(t)
	var items weak.Pointer[work.Item]
	first := func(context.Context, scenarios.Settings) (*measure.Scenario, error) {
		held := new(work.Item)
		items = weak.Make(held)
		return &measure.Scenario{Variants: []measure.Variant{{Name: "a", Run: func(context.Context) (measure.Sample, error) {
			return measure.Sample{Value: float64(held.A)}, nil
		}}}}, nil
	}
	freed := false
	second := func(context.Context, scenarios.Settings) (*measure.Scenario, error) {
		runtime.GC()
		freed = items.Value() == nil
		return &measure.Scenario{}, nil
	}
	p := program.Program{Makers: []scenarios.Maker{{Name: "first", Open: first}, {Name: "second", Open: second}}}
	is.NoErr(p.Run(t.Context(), []string{"-rounds", "2"}, io.Discard, io.Discard))
	is.True(freed)
}

func TestAScenarioThatDoesNotOpenIsNamed(t *testing.T) {
	is := is.New(t)
	broken := errors.New("broken")
	p := program.Program{Makers: []scenarios.Maker{{Name: "pair", Open: func(context.Context, scenarios.Settings) (*measure.Scenario, error) { return nil, broken }}}}
	for _, args := range [][]string{nil, {"-profile", t.TempDir()}} {
		err := p.Run(t.Context(), args, io.Discard, io.Discard)
		is.True(errors.Is(err, broken))
		is.Equal(err.Error(), "pair: broken")
	}
}

func TestProfilesOfAScenarioAreWritten(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	is.NoErr(program.Program{Makers: scenarios.All()}.Run(t.Context(), []string{"-quick", "-scenario", "latency", "-profile", dir, "-for", "1ms"}, io.Discard, io.Discard))
	for _, name := range []string{"cpu", "heap", "allocs", "block", "mutex"} {
		info, err := os.Stat(filepath.Join(dir, "latency", name+".prof"))
		is.NoErr(err)
		is.True(info.Size() > 0)
	}
}
