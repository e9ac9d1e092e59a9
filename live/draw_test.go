package live

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/matryer/is"

	"github.com/ergon-go/ergon/live/internal/sample"
)

// busyRun is a run in which everything that can be shown is.
func busyRun() run {
	return run{
		Name: "orders", State: running, Seconds: 72, Over: 1, Rate: 3412, Oldest: 3.2, Limit: "n2", Why: "100% busy, 512 queued", Failures: 3, Waiting: 2,
		Ledger: ledger{Fetched: 120_331, Acked: 119_000, DeadLettered: 12, InFlight: 1319},
		Nodes: []node{
			{ID: "n0", Name: "source", Kind: "source", Works: true, Rate: 3500},
			{ID: "n1", Name: "parse", Kind: "map", Works: true, Workers: 4, Rate: 3480, Load: 0.1, Blocked: 0.8, Queued: 12},
			{ID: "n2", Name: "enrich", Kind: "map", Works: true, Workers: 64, Busy: 64, Rate: 3412, Load: 1, Queued: 512, Waiting: 2, Retried: 2, Failed: 3, Failing: 3, Limits: true},
			{ID: "n3", Name: "invoices", Kind: "sink", Works: true, Workers: 1, Busy: 1, Rate: 3400, Load: 0.5},
			{ID: "n4", Name: "rejected", Kind: "dead-letter", Works: true, Workers: 1},
		},
		Edges:   []edge{{"n0", "n1", ""}, {"n1", "n2", ""}, {"n2", "n3", ""}, {"n0", "n4", "dead letters"}},
		Mishaps: []mishap{{"n2", "enrich", "dial tcp: connection refused", 12}},
	}
}

const wantWide = `orders  running  1m12s  3,412/s settled  1,319 in flight
▶ limits: enrich (100% busy, 512 queued)  ✗ failed attempts 3  ↻ waiting 2  oldest 3.2s
  stage                                 rate   workers    busy  queued blocked waiting  retried   failed
  source                             3,500/s
  parse                              3,480/s  █░░░░░░░     0/4      12     80%       ·        ·        ·
▶ enrich                             3,412/s  ████████   64/64     512       ·       2        2        3
  invoices                           3,400/s  ████░░░░     1/1       ·       ·       ·        ·        ·
  rejected                               0/s  ░░░░░░░░     0/1       ·       ·       ·        ·        ·
✗ 12s ago enrich: dial tcp: connection refused
fetched 120,331  acked 119,000  dead-lettered 12  returned 0  released 0  unsettled 0  in flight 1,319`

// A picture is drawn as this, on a terminal that is wide enough.
func TestDrawn(t *testing.T) {
	got := ansi.Strip(draw(picture{Runs: []run{busyRun()}}, 104, 0))
	if got != wantWide {
		t.Errorf("got\n%s\nwant\n%s", got, wantWide)
	}
}

// A picture fits into any terminal, and what matters most is in it as long as there is
// room for a few lines.
func TestWhatIsDrawnFits(t *testing.T) {
	strange := busyRun()
	strange.Name, strange.Nodes[2].Name, strange.Mishaps[0].Text = text(sample.Hostile), text(sample.Hostile), text(sample.Hostile)
	for _, p := range []picture{{}, {Runs: []run{busyRun()}}, {Runs: []run{busyRun(), {Name: "later", State: notBegun, Nodes: busyRun().Nodes}, strange, busyRun()}}} {
		for width := 1; width < 200; width += 13 {
			for _, height := range []int{1, 2, 3, 5, 8, 13, 21, 34, 55} {
				lines := strings.Split(draw(p, width, height), "\n")
				if len(lines) > height {
					t.Fatalf("%d lines in %dx%d", len(lines), width, height)
				}
				for _, l := range lines {
					if ansi.StringWidth(l) > width || strings.ContainsAny(ansi.Strip(l), "\x1b\u202e") {
						t.Fatalf("%q in %dx%d", l, width, height)
					}
				}
			}
		}
	}
	shown := ansi.Strip(draw(picture{Runs: []run{busyRun()}}, 80, 6))
	for _, want := range []string{"orders", "▶ limits: enrich", "✗ failed attempts 3", "oldest 3.2s", "▶ enrich"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not in\n%s", want, shown)
		}
	}
}

// A wide terminal shows all there is of a stage, a narrow one what matters most.
func TestColumnsGiveWay(t *testing.T) {
	for width, want := range map[int]string{
		200: "rate workers busy queued blocked waiting retried failed", 80: "rate workers busy queued blocked retried failed",
		60: "rate busy queued blocked failed", 40: "rate busy failed", 20: "", 3: "",
	} {
		var titles []string
		shown, names := columnsFor(width)
		total := names
		for _, c := range shown {
			titles = append(titles, c.title)
			total += c.width
		}
		is := is.New(t)
		is.True(total <= width)
		is.Equal(fmt.Sprintf("%d %s", width, strings.Join(titles, " ")), fmt.Sprintf("%d %s", width, want))
	}
}

// Figures are written as people read them.
func TestFigures(t *testing.T) {
	is := is.New(t)
	is.Equal([]string{grouped(0), grouped(999), grouped(1000), grouped(-1234567)}, []string{"0", "999", "1,000", "-1,234,567"})
	is.Equal([]string{perSecond(0), perSecond(0.001), perSecond(2.5), perSecond(12345.6)}, []string{"0/s", "0.1/s", "2.5/s", "12,346/s"})
	is.Equal([]string{lasting(0.0123), lasting(3.14), lasting(75.4)}, []string{"12ms", "3.1s", "1m15s"})
}

// silent is an error that cannot say what it is.
type silent struct{ why string }

func (s *silent) Error() string { return s.why }

func TestAnErrorThatIsANilPointerIsNamed(t *testing.T) {
	is.New(t).Equal(errorText((*silent)(nil)), "(*live.silent)(nil)")
}
