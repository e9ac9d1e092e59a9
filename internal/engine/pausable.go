package engine

import (
	"context"
	"sync"
	"time"
)

// pausable is the context of one attempt, whose time can stand still.
type pausable struct {
	ctx    context.Context
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	timer   *time.Timer
	left    time.Duration
	since   time.Time // when the time began to run; zero while it stands still
	expired bool
}

// newPausable returns a context that ends with ErrAttemptTimeout after d.
func newPausable(parent context.Context, d time.Duration) *pausable {
	p := &pausable{left: d}
	inner, cancel := context.WithCancelCause(parent)
	p.ctx, p.cancel = attemptContext{inner, p}, cancel
	p.resume()
	return p
}

// resume lets the time run.
func (p *pausable) resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.since = time.Now()
	p.timer = time.AfterFunc(p.left, p.timeUp)
}

// pause lets the time stand still.
func (p *pausable) pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer.Stop()
	p.left = max(0, p.left-time.Since(p.since))
	p.since = time.Time{}
}

func (p *pausable) timeUp() {
	p.mu.Lock()
	running := !p.since.IsZero()
	p.expired = p.expired || running
	p.mu.Unlock()
	if running {
		p.cancel(ErrAttemptTimeout)
	}
}

// stop ends the context and says whether the time was up before.
func (p *pausable) stop() bool {
	p.mu.Lock()
	p.timer.Stop()
	expired := p.expired
	p.since = time.Time{}
	p.mu.Unlock()
	p.cancel(context.Canceled)
	return expired
}

func (p *pausable) isExpired() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.expired
}

// deadline returns when the time will be up if it does not stand still again.
func (p *pausable) deadline() (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since.IsZero() {
		return time.Time{}, false
	}
	return p.since.Add(p.left), true
}

// attemptContext says DeadlineExceeded where the time of the attempt was up, as
// a context with a deadline does.
type attemptContext struct {
	context.Context
	clock *pausable
}

func (c attemptContext) Err() error {
	err := c.Context.Err()
	if err != nil && c.clock.isExpired() {
		return context.DeadlineExceeded
	}
	return err
}

func (c attemptContext) Deadline() (time.Time, bool) {
	at, ok := c.clock.deadline()
	if outer, has := c.Context.Deadline(); has && (!ok || outer.Before(at)) {
		return outer, true
	}
	return at, ok
}
