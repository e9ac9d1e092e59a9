package leash

import (
	"context"
	"sync/atomic"
	"time"
)

// Leash is the context of an attempt. Make one with New or by a Peg, and call End
// when the attempt is over, however it is. As any context it is safe for
// concurrent use.
type Leash struct {
	parent context.Context
	start  Start
	limit  time.Duration
	cause  error

	state atomic.Uint32
	life  atomic.Pointer[life] // nil until it is asked
}

// The states of a Leash. Every change is one compare and swap, so that whoever asks
// is either heard by the attempt that runs, or finds that none does.
const (
	running uint32 = iota // an attempt, and nobody has asked
	asked                 // an attempt that has a life to end
	hanging               // there is no attempt, and there may be another
	ended                 // there will be none
)

// New returns the context of an attempt that began at a time and may take as long
// as limit. It ends with parent too. cause is why the time was up; nil is
// DeadlineExceeded itself.
func New(parent context.Context, began time.Time, limit time.Duration, cause error) *Leash {
	return &Leash{parent: parent, start: Start{at: began}, limit: limit, cause: cause}
}

// Start returns when the attempt began.
func (l *Leash) Start() Start { return l.start }

// End ends the context with its attempt. Who has called it does not use the Leash
// any more: unless it was asked it hangs, for the next if it is on a Peg. Small
// enough to become a part of its caller, as each call counts here.
func (l *Leash) End() {
	if !l.state.CompareAndSwap(running, hanging) {
		l.Cut()
	}
}

// Cut is End for who has to call End once more, which does nothing then.
func (l *Leash) Cut() {
	if l.state.CompareAndSwap(running, ended) || l.state.Load() != asked {
		return
	}
	l.alive(false).end()
	l.state.Store(ended)
}

// takeDown takes the Leash for another attempt if it hangs.
func (l *Leash) takeDown() bool { return l.state.CompareAndSwap(hanging, running) }

// isSpent reports whether nobody can take the Leash any more.
func (l *Leash) isSpent() bool {
	s := l.state.Load()
	return s == asked || s == ended
}

// ask returns what the Leash is once somebody has asked it: the life of the attempt
// that runs or, where none does, one that is over.
func (l *Leash) ask() *life {
	for {
		switch s := l.state.Load(); s {
		case running:
			l.state.CompareAndSwap(running, asked)
		case hanging:
			l.state.CompareAndSwap(hanging, ended)
		default:
			return l.alive(s == ended)
		}
	}
}

// alive returns the life of the Leash. Who ends an attempt that was asked makes it
// if whoever asked has not yet: so one that is made later is over.
func (l *Leash) alive(over bool) *life {
	if f := l.life.Load(); f != nil {
		return f
	}
	f := &life{leash: l}
	f.over.Store(over)
	l.life.CompareAndSwap(nil, f)
	return l.life.Load()
}

// Done is closed when the attempt ends, its time is up, or the parent ends.
func (l *Leash) Done() <-chan struct{} { return l.ask().context().Done() }

// Err says why it has ended: DeadlineExceeded where the time was up before the
// attempt was over.
func (l *Leash) Err() error { return l.ask().err() }

// Deadline returns when the time will be up, or that of the parent if it is
// earlier.
func (l *Leash) Deadline() (time.Time, bool) {
	until := l.ask().deadline()
	if outer, bounded := l.parent.Deadline(); bounded && outer.Before(until) {
		return outer, true
	}
	return until, true
}

// Value returns that of the parent. The context that was made, if one was, is
// found too, by which the standard library recognises its own.
func (l *Leash) Value(key any) any {
	if f := l.life.Load(); f != nil {
		if m := f.made.Load(); m != nil {
			return m.ctx.Value(key)
		}
	}
	return l.parent.Value(key)
}

// String names the kind of context, and nothing that is in it.
func (*Leash) String() string { return "leash" }
