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
	waiting  atomic.Int64 // that wait to be tried again
	working  atomic.Int64 // nanoseconds
	last     atomic.Pointer[mishap]
}

// mishap is the failure of an attempt.
type mishap struct {
	err error
	at  time.Time
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
		Draining: r.fetchDone.Load() || r.isStopped(), Ledger: r.Ledger(),
	}
	if ended := r.ended.Load(); ended != nil {
		s.Ended = *ended
	}
	if !r.assembled.Load() {
		return s
	}
	s.Source, s.Oldest = r.from, r.ageOfOldest()
	pools := slices.Clone(r.pools)
	slices.SortStableFunc(pools, func(a, b *core) int {
		return cmp.Or(cmp.Compare(a.place(), b.place()), cmp.Compare(a.body.kind, b.body.kind))
	})
	for _, p := range pools {
		one := p.snapshot()
		for _, below := range pools {
			if slices.Contains(p.step.Feeds, below.step) {
				one.Blocked += below.belt.Awaited()
			}
		}
		s.Stages = append(s.Stages, one)
	}
	return s
}

// ageOfOldest returns how long ago the oldest was fetched that is in flight, 0 if
// there is none.
func (r *Run) ageOfOldest() time.Duration {
	oldest := r.oldest.Load()
	if oldest == nil || r.isOver() { // what is left behind is in flight no more
		return 0
	}
	if at, some := (*oldest)(); some {
		return max(0, time.Since(r.began)-at)
	}
	return 0
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
		Name: p.step.Name, Node: p.step.Node, Kind: p.body.kind, Destination: p.body.destination, Workers: p.step.Workers,
		Queued: p.belt.Len(), Waiting: int(p.tally.waiting.Load()),
		Attempts: p.tally.attempts.Load(), Succeeded: p.tally.fine.Load(), Failed: p.tally.failed.Load(), Retried: p.tally.retried.Load(),
		Working: time.Duration(p.tally.working.Load()), Awaited: p.belt.Awaited(),
	}
	if m := p.tally.last.Load(); m != nil {
		s.LastError, s.LastErrorAt = m.err, m.at
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.workers {
		s.Queued += w.hand.Left()
		if w.isBusy() {
			s.Busy++
		}
	}
	s.Busy = min(s.Busy, s.Workers) // meanwhile one may have followed another in its place
	return s
}
