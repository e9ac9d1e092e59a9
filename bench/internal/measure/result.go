package measure

import "math"

// Enough is how many rounds a figure needs before it counts as met.
const Enough = 20

// Verdict says whether a figure is met.
type Verdict string

// The verdicts.
const (
	NotMet  Verdict = "no"
	Met     Verdict = "yes"
	AimMet  Verdict = "yes, goal too"
	Nothing Verdict = "–" // nothing is demanded
)

// Result is a figure, measured.
type Result struct {
	Figure
	Interval
}

// Verdict says whether the figure is met: whether the worse end of its interval
// is within what must be. With fewer rounds than Enough it is only a sign.
func (r Result) Verdict() Verdict {
	switch {
	case !r.Demanding() || math.IsNaN(r.Median):
		return Nothing
	case !r.within(r.Interval, r.Must):
		return NotMet
	case r.aimed() && r.within(r.Interval, r.Aim):
		return AimMet
	}
	return Met
}

// Outcome is all that a scenario measured.
type Outcome struct {
	Scenario *Scenario
	Rounds   []Round
	Results  []Result
}

// Values returns the values of a variant over all rounds, as an interval.
func (o Outcome) Values(variant string) Interval {
	return o.interval(func(r Round) float64 { return r[variant].Value })
}

// Allocs returns the allocations for each item of a variant.
func (o Outcome) Allocs(variant string) Interval {
	return o.interval(func(r Round) float64 { return r[variant].Allocs })
}

func (o Outcome) interval(of func(Round) float64) Interval {
	values := make([]float64, len(o.Rounds))
	for i, r := range o.Rounds {
		values[i] = of(r)
	}
	return IntervalOf(values)
}
