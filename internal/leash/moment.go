package leash

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	// span is how long a moment lasts.
	span = time.Millisecond
	// finest is the shortest time of an attempt of which a moment may be a part.
	finest = 100 * span
)

// moment is what attempts that begin within a millisecond under one parent have
// in common.
type moment struct {
	parent context.Context
	limit  time.Duration             // of an attempt
	cause  error                     // why it was up
	began  time.Time                 // before anything began in it
	over   atomic.Pointer[time.Time] // a time at which nothing could begin in it any more
	shared atomic.Pointer[Leash]     // of one attempt after another, unless there are two at once
}

// share hangs up the first Leash.
func (m *moment) share() {
	l := m.leash()
	l.state.Store(hanging)
	m.shared.Store(l)
}

// another returns a Leash where the shared one is in use, or was asked and is
// replaced.
func (m *moment) another() *Leash {
	l, shared := m.leash(), m.shared.Load()
	if shared.isSpent() {
		m.shared.CompareAndSwap(shared, l)
	}
	return l
}

func (m *moment) leash() *Leash {
	return &Leash{parent: m.parent, start: Start{moment: m}, limit: m.limit, cause: m.cause}
}

// Start is when an attempt began.
type Start struct {
	at     time.Time
	moment *moment // nil: it was exactly at that time
}

// Time returns when it was. Of an attempt that began in a moment that is as far
// as anybody knows: not before it was, and hardly later.
func (s Start) Time() time.Time {
	if s.moment == nil {
		return s.at
	}
	now := time.Now()
	if over := s.moment.over.Load(); over != nil && over.Before(now) {
		return *over
	}
	return now
}

// base returns a time shortly before.
func (s Start) base() time.Time {
	if s.moment == nil {
		return s.at
	}
	return s.moment.began
}
