package leash

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon/internal/lab"
)

// life is a Leash that was asked: it belongs to one attempt, and ends with it.
// Nothing foreign is called under a lock, for there is none: each of its parts is
// set once, and of two who set it at the same time the second takes what the
// first made.
type life struct {
	leash *Leash
	until atomic.Int64         // when the time is up, from the base of the start on; 0: nobody has asked
	made  atomic.Pointer[made] // nil until a channel is asked for, or there is something to tell
	over  atomic.Bool          // with the attempt
}

// made is a context of the standard library.
type made struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// err does with a look at the clock for as long as nothing has ended.
func (f *life) err() error {
	if f.made.Load() == nil && !f.over.Load() && f.leash.parent.Err() == nil && !f.isLate() {
		return nil
	}
	return f.context().Err()
}

// isLate reports whether the time is up.
func (f *life) isLate() bool { return !time.Now().Before(f.deadline()) }

// deadline returns when the time is up, as it was found when this was asked first.
func (f *life) deadline() time.Time {
	until := f.until.Load()
	if until == 0 {
		f.until.CompareAndSwap(0, int64(f.find()))
		until = f.until.Load()
	}
	return f.leash.start.base().Add(time.Duration(until))
}

// find returns when the time is up, from the base of the start on.
func (f *life) find() time.Duration {
	start, limit := f.leash.start, f.leash.limit
	until := start.Time().Sub(start.base())
	if until > math.MaxInt64-limit {
		return math.MaxInt64
	}
	until += limit
	if l := lab.From(f.leash.parent); l != nil {
		if passed := time.Since(start.base()); passed < until {
			return passed + l.Apart(until-passed)
		}
	}
	return until
}

// context returns the context that was made, and makes it if need be.
func (f *life) context() context.Context {
	if m := f.made.Load(); m != nil {
		return m.ctx
	}
	m := f.make()
	if !f.made.CompareAndSwap(nil, m) {
		m.cancel()
		m = f.made.Load()
	}
	if f.over.Load() {
		m.cancel()
	}
	return m.ctx
}

func (f *life) make() *made {
	var m made
	if f.over.Load() { // whatever has ended since is not why it ended
		m.ctx, m.cancel = context.WithCancel(context.WithoutCancel(f.leash.parent))
	} else {
		m.ctx, m.cancel = context.WithDeadlineCause(f.leash.parent, f.deadline(), f.leash.cause)
	}
	return &m
}

// end ends with the attempt what was made, and what will be. If anything has ended
// before, that is made now, and remains the reason.
func (f *life) end() {
	_ = f.err()
	f.over.Store(true)
	if m := f.made.Load(); m != nil {
		m.cancel()
	}
}
