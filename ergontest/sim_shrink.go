package ergontest

import (
	"slices"

	"github.com/ergon-go/ergon/ergontest/internal/faults"
)

// simSmall is a run that fails with less.
type simSmall struct {
	run  *simRun
	n    int           // transactions
	less []faults.Kind // what does not occur
}

// shrink returns a run of the same seed that still fails, of fewer transactions
// and with fewer kinds of faults.
func (s *simulation[T]) shrink(run *simRun) simSmall {
	small := simSmall{run: run, n: run.n}
	for small.n > 1 && s.fails(&small, small.n/2, small.less) {
	}
	for _, k := range slices.Backward(faults.New(run.seed).Active()) {
		s.fails(&small, small.n, append(slices.Clone(small.less), k))
	}
	for small.n > 1 && s.fails(&small, small.n-1, small.less) {
	}
	return small
}

// fails tries a smaller run, and takes it if it fails.
func (s *simulation[T]) fails(small *simSmall, n int, less []faults.Kind) bool {
	run := s.runSmall(small.run.seed, n, less)
	if len(run.faults) == 0 {
		return false
	}
	*small = simSmall{run, n, less}
	return true
}

// occurred returns the kinds of faults that were injected.
func (s *simRun) occurred() []string {
	var all []string
	for k := range faults.Kinds {
		if s.injected[k] > 0 {
			all = append(all, k.String())
		}
	}
	return all
}
