package engine

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ergon-go/ergon"
)

// describe returns what is known of a failed transaction: its worst fault first.
func (o *origin[In]) describe() *ergon.Failure[In] {
	all := o.failed()
	for i := range all {
		all[i].verdict = o.verdictOf(all[i])
	}
	slices.SortStableFunc(all, func(a, b fault) int { return int(b.verdict) - int(a.verdict) })
	main := o.failureOf(all[0])
	for _, f := range all[1:] {
		main.Also = append(main.Also, o.failureOf(f))
	}
	return &main
}

// verdictOf returns the verdict of a fault, which has come back too often once
// MaxDeliveries is reached.
func (o *origin[In]) verdictOf(f fault) ergon.Verdict {
	if f.verdict == ergon.Returned && f.delay == unset && o.head.Deliveries() >= o.run.MaxDeliveries {
		return ergon.DeadLettered
	}
	return f.verdict
}

func (o *origin[In]) failureOf(f fault) ergon.Failure[In] {
	return ergon.Failure[In]{
		Transaction: *o.tx, Stage: f.stage, Err: f.err, Category: f.category,
		Attempts: f.attempts, Verdict: f.verdict, Item: f.item,
	}.WithAt(f.value)
}

// Unhandled is a transaction that ended with a verdict its source cannot take.
type Unhandled struct {
	ID      string
	Stage   string
	Verdict ergon.Verdict
	Err     error
}

// mostUnhandled bounds how many of them are kept.
const mostUnhandled = 10

type unhandled struct {
	mu    sync.Mutex
	count int64
	first []Unhandled
}

func (u *unhandled) add(one Unhandled) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.count++
	if len(u.first) < mostUnhandled {
		u.first = append(u.first, one)
	}
}

// leastForShare is how many transactions must have ended before a share of
// failures means anything.
const leastForShare = 100

// countFailure counts a failed transaction, and stops the run after too many.
func (r *Run) countFailure() {
	failures := r.failures.Add(1)
	ended := float64(r.books.fetched.Load() - r.slots.Load() + 1)
	tooMany := r.MaxFailures > 0 && failures >= r.MaxFailures
	tooLarge := r.MaxFailureShare > 0 && ended >= leastForShare && float64(failures) > r.MaxFailureShare*ended
	if tooMany || tooLarge {
		r.stop(ErrTooManyFailures)
	}
}

// counter counts down from where it was set.
type counter struct{ n atomic.Int64 }

// down counts down by one and says whether that was the last.
func (c *counter) down() bool { return c.n.Add(-1) == 0 }
