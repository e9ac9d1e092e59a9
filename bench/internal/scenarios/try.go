package scenarios

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// Try makes a scenario at its smallest, takes one round, and returns all that is
// wrong with what it says of itself. As it opens, a scenario checks its variants:
// the count, the sum and the order of what comes out.
func (m Maker) Try(ctx context.Context, dir string) error {
	s, err := m.Open(ctx, Settings{Size: Tiny, Dir: dir})
	if err != nil {
		return err
	}
	o, err := s.Measure(ctx, 1)
	if err != nil {
		return err
	}
	var faults []error
	if len(s.Figures) == 0 {
		faults = append(faults, errors.New("no figures"))
	}
	for _, f := range s.Figures {
		faults = append(faults, figureFault(f, o.Rounds[0]))
	}
	for _, name := range []string{s.Profile, s.Base} {
		if name != "" && s.Variant(name) == nil {
			faults = append(faults, fmt.Errorf("there is no variant %q", name))
		}
	}
	if goals := goalsOf(s.Figures); !slices.Equal(goals, m.Goals) {
		faults = append(faults, fmt.Errorf("its goals are %q, it says %q", goals, m.Goals))
	}
	if s.Close != nil {
		faults = append(faults, s.Close())
	}
	return errors.Join(faults...)
}

// figureFault returns what is wrong with a figure: that a variant it is worked out
// of is missing, or that it needs more of them than it says.
func figureFault(f measure.Figure, all measure.Round) error {
	some := measure.Round{}
	for _, name := range f.From {
		if sample, there := all[name]; there {
			some[name] = sample
		}
	}
	if v := f.Of(all); len(f.From) == 0 || len(some) != len(f.From) || math.IsNaN(v) || f.Of(some) != v {
		return fmt.Errorf("%s: is not worked out of %q", f.What, f.From)
	}
	return nil
}

// goalsOf returns the goals of figures, each once, in their order.
func goalsOf(figures []measure.Figure) []string {
	var goals []string
	for _, f := range figures {
		if f.Goal != "" && !slices.Contains(goals, f.Goal) {
			goals = append(goals, f.Goal)
		}
	}
	return goals
}
