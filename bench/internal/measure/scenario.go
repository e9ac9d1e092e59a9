package measure

import (
	"context"
	"fmt"
	"runtime"
	"slices"
)

// Scenario is variants that are measured side by side.
type Scenario struct {
	Name     string // as it is chosen
	Title    string
	Unit     Unit // of its samples
	Variants []Variant
	Figures  []Figure
	Profile  string       // the variant that a profile is taken of
	Base     string       // the variant that others are compared with in tables; empty: none
	Close    func() error // nil: there is nothing to close
}

// Only leaves the figures of some goals, and the variants that those are worked out
// of.
func (s *Scenario) Only(goals ...string) {
	s.Figures = slices.DeleteFunc(s.Figures, func(f Figure) bool { return !slices.Contains(goals, f.Goal) })
	s.Variants = slices.DeleteFunc(s.Variants, func(v Variant) bool {
		return !slices.ContainsFunc(s.Figures, func(f Figure) bool { return slices.Contains(f.From, v.Name) })
	})
	if s.Variant(s.Base) == nil {
		s.Base = ""
	}
}

// Release lets go of all that the variants hold, their items above all, which would
// make the collector's work less for whatever is measured next. What they are called
// is left.
func (s *Scenario) Release() {
	for i := range s.Variants {
		s.Variants[i].Run = nil
	}
}

// Measure runs so many rounds and works the figures out.
func (s *Scenario) Measure(ctx context.Context, rounds int) (Outcome, error) {
	o := Outcome{Scenario: s}
	for n := range rounds {
		r, err := s.round(ctx, n)
		if err != nil {
			return o, err
		}
		o.Rounds = append(o.Rounds, r)
	}
	for _, f := range s.Figures {
		o.Results = append(o.Results, Result{f, o.interval(f.Of)})
	}
	return o, nil
}

// round runs every variant once: each time another one first, and every second
// time backwards, so that none always follows the same one.
func (s *Scenario) round(ctx context.Context, n int) (Round, error) {
	r := Round{}
	for i := range s.Variants {
		at := (i + n/2) % len(s.Variants)
		if n%2 == 1 {
			at = len(s.Variants) - 1 - at
		}
		v := s.Variants[at]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		runtime.GC()
		sample, err := v.Run(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", s.Name, v.Name, err)
		}
		r[v.Name] = sample
	}
	return r, nil
}

// Variant returns the variant of a name, nil where there is none.
func (s *Scenario) Variant(name string) *Variant {
	for i := range s.Variants {
		if s.Variants[i].Name == name {
			return &s.Variants[i]
		}
	}
	return nil
}
