package report

import (
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// Run is everything that one run of the bench measured.
type Run struct {
	Outcomes []measure.Outcome
	Quick    bool
	Rounds   int
	Began    time.Time
	Took     time.Duration
	Machine  Machine
}

// results returns the figures of all scenarios that fit, in the order of the
// goals' numbers.
func (r Run) results(fits func(measure.Result) bool) []measure.Result {
	var all []measure.Result
	for _, o := range r.Outcomes {
		for _, result := range o.Results {
			if fits(result) {
				all = append(all, result)
			}
		}
	}
	sortByGoal(all)
	return all
}

// provisional reports whether there were too few rounds for a verdict.
func provisional(r measure.Result) bool { return r.N < measure.Enough }
