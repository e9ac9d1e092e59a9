package leash

import (
	"context"
	"reflect"
	"sync/atomic"
	"time"
)

// often is how soon after each other two attempts have to begin for a moment to be
// worth its timer: it should serve a hundred.
const often = span / 100

// Peg is where the Leash of one attempt hangs until the next takes it, for
// attempts that are alike: of one function, or of one worker. The zero value is
// ready to use, safe for concurrent use, and holds no context longer than a
// moment.
type Peg struct {
	// Cause is why a time was up; nil is DeadlineExceeded itself. To be set before
	// anything begins.
	Cause error

	now  atomic.Pointer[moment]
	last atomic.Int64   // when somebody looked at the clock, in nanoseconds of the wall
	whom atomic.Uintptr // under which parent: only ever compared
}

// Begin returns the context of an attempt that begins now, under parent, and may
// take as long as limit. It must be ended.
func (p *Peg) Begin(parent context.Context, limit time.Duration) *Leash {
	m := p.moment(parent, limit)
	if m == nil {
		return New(parent, p.look(parent, limit), limit, p.Cause)
	}
	if l := m.shared.Load(); l.takeDown() {
		return l
	}
	return m.another()
}

// Start is Begin for an attempt of any length, which needs no context of its own.
func (p *Peg) Start(parent context.Context) Start {
	if m := p.moment(parent, 0); m != nil {
		return Start{moment: m}
	}
	return Start{at: p.look(parent, 0)}
}

// moment returns the one that is open for such attempts, or nil.
func (p *Peg) moment(parent context.Context, limit time.Duration) *moment {
	if m := p.now.Load(); m != nil && m.limit == limit && m.parent == parent {
		return m
	}
	return nil
}

// look looks at the clock, and opens a moment if that happens often.
func (p *Peg) look(parent context.Context, limit time.Duration) time.Time {
	now := time.Now()
	if (limit == 0 || limit >= finest) && p.isOften(parent, now) && !isVirtual(now) && parent.Done() != nil {
		p.open(&moment{parent: parent, limit: limit, cause: p.Cause, began: now})
	}
	return now
}

// isOften reports whether an attempt under the same parent has begun a very short
// while ago.
func (p *Peg) isOften(parent context.Context, now time.Time) bool {
	v := reflect.ValueOf(parent)
	if v.Kind() != reflect.Pointer {
		return false
	}
	whom, at := v.Pointer(), now.UnixNano()
	since := time.Duration(at - p.last.Swap(at))
	return p.whom.Swap(whom) == whom && since >= 0 && since < often
}

// open lets a moment begin. A timer ends it: first nobody finds it any more, then
// it is noted by when that was so.
func (p *Peg) open(m *moment) {
	m.share()
	p.now.Store(m)
	time.AfterFunc(span, func() {
		p.now.CompareAndSwap(m, nil)
		over := time.Now()
		m.over.Store(&over)
	})
}

// isVirtual reports whether a time was taken in a bubble of testing/synctest, where
// it has no monotonic part.
func isVirtual(t time.Time) bool { return t == t.Round(0) } //nolint:staticcheck // Equal does not see it
