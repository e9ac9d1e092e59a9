package engine

import (
	"context"
	"sync"
	"time"
)

// pausable is the context of one attempt: it ends with ErrAttemptTimeout when
// the attempt has taken its time, which can be made to stand still. A function
// that never looks at it pays for no timer and no channel: they are made when
// somebody asks for Done.
type pausable struct {
	parent   context.Context
	pausable bool // otherwise the time never stands still

	mu      sync.Mutex
	left    time.Duration
	since   time.Time // when the time began to run; zero while it stands still
	ended   bool      // the attempt is over
	expired bool      // its time was up before
	inner   context.Context
	cancel  context.CancelCauseFunc
	timer   *time.Timer
}

// begin makes p a context that lasts for d.
func (p *pausable) begin(parent context.Context, d time.Duration, canPause bool) {
	p.parent, p.left, p.since, p.pausable = parent, d, time.Now(), canPause
}

// Done makes what it returns when it is called first.
func (p *pausable) Done() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made().Done()
}

// Err is DeadlineExceeded where the time was up.
func (p *pausable) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.inner == nil && !p.ended && !p.isUp() {
		return p.parent.Err()
	}
	if p.isUp() {
		p.expire()
	}
	err := p.made().Err()
	if err != nil && p.expired {
		return context.DeadlineExceeded
	}
	return err
}

// Deadline is when the time will be up if it does not stand still again.
func (p *pausable) Deadline() (time.Time, bool) {
	outer, bounded := p.parent.Deadline()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since.IsZero() {
		return outer, bounded
	}
	if at := p.since.Add(p.left); !bounded || at.Before(outer) {
		return at, true
	}
	return outer, true
}

// Value finds the context itself, once it is made, so that contexts made of it
// end with it at once.
func (p *pausable) Value(key any) any {
	p.mu.Lock()
	inner := p.inner
	p.mu.Unlock()
	if inner != nil {
		return inner.Value(key)
	}
	return p.parent.Value(key)
}

// made returns the context with a channel, and its timer running if it should.
func (p *pausable) made() context.Context {
	if p.inner != nil {
		return p.inner
	}
	if !p.pausable && (!p.ended || p.expired) { // contexts made of it say DeadlineExceeded too
		inner, cancel := context.WithDeadlineCause(p.parent, p.since.Add(p.left), ErrAttemptTimeout)
		p.inner, p.cancel = inner, func(error) { cancel() }
		return p.inner
	}
	p.inner, p.cancel = context.WithCancelCause(p.parent)
	switch {
	case p.expired:
		p.cancel(ErrAttemptTimeout)
	case p.ended:
		p.cancel(context.Canceled)
	case !p.since.IsZero():
		p.timer = time.AfterFunc(p.left-time.Since(p.since), p.timeUp)
	}
	return p.inner
}

// isUp reports whether the attempt has taken its time.
func (p *pausable) isUp() bool {
	return p.expired || !p.ended && !p.since.IsZero() && time.Since(p.since) >= p.left
}

// expire ends the context because the time is up.
func (p *pausable) expire() {
	p.expired = true
	if p.cancel != nil && p.pausable { // otherwise it ends by itself, at this moment
		p.cancel(ErrAttemptTimeout)
	}
}

func (p *pausable) timeUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended && p.isUp() {
		p.expire()
	}
}

// pause lets the time stand still.
func (p *pausable) pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
	}
	p.left -= time.Since(p.since)
	p.since = time.Time{}
}

// resume lets the time run again.
func (p *pausable) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.since = time.Now()
	if p.inner != nil {
		p.timer = time.AfterFunc(p.left, p.timeUp)
	}
}

// end ends the context with the attempt, and says whether its time was up before.
func (p *pausable) end() (timedOut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parent == nil {
		return false // it never began
	}
	p.expired = p.isUp()
	p.ended = true
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.cancel != nil {
		p.cancel(context.Canceled)
	}
	return p.expired
}
