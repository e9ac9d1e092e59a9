package engine

import (
	"cmp"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
)

// tally is what a pool counts for who looks at it: once for what is attempted
// together.
type tally struct {
	attempts atomic.Int64
	fine     atomic.Int64 // that succeeded, or dropped what they were for
	failed   atomic.Int64
	retried  atomic.Int64
	working  atomic.Int64 // nanoseconds
}

// note enters n attempts and how long they took.
func (t *tally) note(n int, took time.Duration) {
	t.attempts.Add(int64(n))
	t.working.Add(int64(took))
}

// Snapshot returns the run as it stands. Any goroutine may call it.
func (r *Run) Snapshot() ergon.Snapshot {
	s := ergon.Snapshot{
		Pipeline: r.Name, Began: r.began, Streaming: r.Streaming,
		Draining: r.fetchDone.Load() || r.isStopped(), Ledger: r.Ledger(), Source: r.from,
	}
	if !r.assembled.Load() {
		return s
	}
	pools := slices.Clone(r.pools)
	slices.SortStableFunc(pools, func(a, b *core) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), cmp.Compare(a.body.kind, b.body.kind))
	})
	for _, p := range pools {
		s.Stages = append(s.Stages, p.snapshot())
	}
	return s
}

// place returns where a pool stands in a snapshot.
func (p *core) place() int {
	if p.body.kind == ergon.KindSettle {
		return math.MaxInt // after all others
	}
	return p.step.Index
}

func (p *core) snapshot() ergon.StageSnapshot {
	s := ergon.StageSnapshot{
		Name: p.step.Name, Kind: p.body.kind, Destination: p.body.destination, Workers: p.step.Workers, Queued: p.belt.Len(),
		Attempts: p.tally.attempts.Load(), Succeeded: p.tally.fine.Load(), Failed: p.tally.failed.Load(), Retried: p.tally.retried.Load(),
		Working: time.Duration(p.tally.working.Load()), Awaited: p.belt.Awaited(),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.workers {
		s.Queued += w.hand.Left()
		if w.isBusy() {
			s.Busy++
		}
	}
	return s
}
