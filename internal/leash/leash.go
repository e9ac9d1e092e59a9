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
	shared bool // it hangs between the attempts of a moment

	state atomic.Uint32
	life  atomic.Pointer[life] // nil until it is asked
}

// The states of a Leash. Whose attempt is running may say what comes after;
// hanging may become running or ended, by whoever is first.
const (
	running uint32 = iota
	hanging        // there is no attempt, and there may be another
	ended          // there will be none
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
// any more.
//
// Whoever ends, and whoever asks, first says what it does and then looks for the
// other. So of two at the same time one at least sees the other: what is asked
// while it is hung up is taken down again and ended, by one of them or by the next
// who comes for it.
func (l *Leash) End() {
	if l.state.Load() == ended || l.shared && l.life.Load() == nil && l.hang() {
		return
	}
	l.Cut()
}

// hang hangs the Leash up, and reports whether it may be left to others.
func (l *Leash) hang() bool {
	l.state.Store(hanging)
	return l.life.Load() == nil || !l.takeDown(ended)
}

// Cut is End for who has to call End once more, which does nothing then.
func (l *Leash) Cut() {
	l.state.Store(ended)
	if f := l.life.Load(); f != nil {
		f.end()
	}
}

// takeDown takes the Leash if it hangs.
func (l *Leash) takeDown(state uint32) bool { return l.state.CompareAndSwap(hanging, state) }

// ask returns what the Leash is once somebody has asked it.
func (l *Leash) ask() *life {
	if f := l.life.Load(); f != nil {
		return f
	}
	l.life.CompareAndSwap(nil, &life{leash: l})
	f := l.life.Load()
	if l.takeDown(ended) || l.state.Load() == ended { // nobody's attempt
		f.leave()
	}
	return f
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
