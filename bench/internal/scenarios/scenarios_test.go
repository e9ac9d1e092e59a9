package scenarios_test

import (
	"context"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

func TestEveryScenarioMeasuresWhatItSays(t *testing.T) {
	for _, m := range scenarios.All() {
		t.Run(m.Name, func(t *testing.T) {
			is.New(t).NoErr(m.Try(t.Context(), t.TempDir()))
		})
	}
}

func TestAScenarioThatSaysWhatIsNotSoIsFound(t *testing.T) {
	double := measure.Figure{Goal: "P1", What: "double", From: []string{"a", "b"}, Of: func(r measure.Round) float64 { return r.Ratio("a", "b") }}
	missing, less := double, double
	missing.From, less.From = []string{"a", "c"}, []string{"a"}
	for _, c := range []struct {
		name   string
		figure measure.Figure
		goals  []string
		base   string
		ok     bool
	}{
		{"all is as it says", double, []string{"P1"}, "a", true},
		{"a variant that is not there", missing, []string{"P1"}, "a", false},
		{"a figure of more than it says", less, []string{"P1"}, "a", false},
		{"another goal", double, []string{"P2"}, "a", false},
		{"another base", double, []string{"P1"}, "c", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := scenarios.Maker{Goals: c.goals, Open: func(context.Context, scenarios.Settings) (*measure.Scenario, error) {
				return &measure.Scenario{Base: c.base, Figures: []measure.Figure{c.figure}, Variants: []measure.Variant{always("a", 2), always("b", 1)}}, nil
			}}
			is.New(t).Equal(m.Try(t.Context(), "") == nil, c.ok)
		})
	}
}

func always(name string, v float64) measure.Variant {
	return measure.Variant{Name: name, Run: func(context.Context) (measure.Sample, error) { return measure.Sample{Value: v}, nil }}
}

func TestOtherPeersAreMeasuredBesideTheRest(t *testing.T) {
	is := is.New(t)
	other := peers.Raw()
	other.Name = "another"
	for _, m := range scenarios.All()[:4] {
		s, err := m.Open(t.Context(), scenarios.Settings{Size: scenarios.Tiny, Others: []peers.Peer{other}})
		is.NoErr(err)
		is.Equal(s.Variant("another") != nil, m.Name != "ordered") // which it does not fit
	}
}
