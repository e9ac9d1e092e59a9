package measure_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

func variants(ran *[]string, names ...string) []measure.Variant {
	var all []measure.Variant
	for i, name := range names {
		all = append(all, measure.Variant{Name: name, Run: func(context.Context) (measure.Sample, error) {
			*ran = append(*ran, name)
			return measure.Sample{Value: float64(i + 1)}, nil
		}})
	}
	return all
}

func TestRoundsAreInterleavedInChangingOrder(t *testing.T) {
	is := is.New(t)
	var ran []string
	s := &measure.Scenario{Variants: variants(&ran, "a", "b", "c")}
	o, err := s.Measure(t.Context(), 4)
	is.NoErr(err)
	is.Equal(ran, []string{"a", "b", "c", "c", "b", "a", "b", "c", "a", "b", "a", "c"})
	is.Equal(o.Values("c").Median, 3.0)
}

func TestOnlyWhatSomeGoalsNeedIsLeft(t *testing.T) {
	figure := func(goal string, from ...string) measure.Figure { return measure.Figure{Goal: goal, From: from} }
	for _, c := range []struct {
		name     string
		goals    []string
		variants string
		figures  int
		base     string
	}{
		{"one goal", []string{"P1"}, "a b", 1, "b"},
		{"one without the base", []string{"P4"}, "a c", 2, ""},
		{"two goals", []string{"P4", "P1"}, "a b c", 3, "b"},
		{"none", nil, "", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			s := &measure.Scenario{
				Variants: variants(new([]string), "a", "b", "c", "d"), Base: "b",
				Figures: []measure.Figure{figure("P1", "a", "b"), figure("P4", "a", "c"), figure("", "d"), figure("P4", "c")},
			}
			s.Only(c.goals...)
			var left []string
			for _, v := range s.Variants {
				left = append(left, v.Name)
			}
			is.Equal(strings.Join(left, " "), c.variants)
			is.Equal(len(s.Figures), c.figures)
			is.Equal(s.Base, c.base)
		})
	}
}

func TestAVariantThatFailsEndsTheScenario(t *testing.T) {
	is := is.New(t)
	broken := errors.New("broken")
	s := &measure.Scenario{Name: "s", Variants: []measure.Variant{
		{Name: "v", Run: func(context.Context) (measure.Sample, error) { return measure.Sample{}, broken }},
	}}
	_, err := s.Measure(t.Context(), 1)
	is.True(errors.Is(err, broken))
	is.Equal(err.Error(), "s, v: broken")
}

func TestAFigureIsMetWhereTheWorseEndOfItsIntervalIs(t *testing.T) {
	for _, c := range []struct {
		name      string
		figure    measure.Figure
		low, high float64
		want      measure.Verdict
	}{
		{"below the goal", measure.Figure{Must: 0.85, Aim: 0.55}, 0.5, 0.54, measure.AimMet},
		{"around the goal", measure.Figure{Must: 0.85, Aim: 0.55}, 0.5, 0.6, measure.Met},
		{"around what must be", measure.Figure{Must: 0.85, Aim: 0.55}, 0.5, 0.9, measure.NotMet},
		{"no goal", measure.Figure{Must: 2}, 1, 1.5, measure.Met},
		{"the goal is 0", measure.Figure{Must: 0.02, Limits: true}, 0.01, 0.01, measure.Met},
		{"the goal is 0, and met", measure.Figure{Must: 0.02, Limits: true}, 0, 0, measure.AimMet},
		{"at least", measure.Figure{Must: 85, Aim: 92, Least: true}, 86, 99, measure.Met},
		{"not even at least", measure.Figure{Must: 85, Aim: 92, Least: true}, 84, 99, measure.NotMet},
		{"nothing demanded", measure.Figure{}, 1, 2, measure.Nothing},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := measure.Result{Figure: c.figure, Interval: measure.Interval{Low: c.low, High: c.high}}
			is.New(t).Equal(r.Verdict(), c.want)
		})
	}
}
