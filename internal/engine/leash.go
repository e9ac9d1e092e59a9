package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// leash is the context of one attempt after another of one worker, for as long as
// none of them asks it anything: then it becomes the context of that attempt
// alone, ends with it, and the worker takes another. So attempts that never look
// at their context pay for none.
type leash struct {
	parent context.Context
	limit  time.Duration // of an attempt
	began  func() time.Time

	mu    sync.Mutex
	asked atomic.Pointer[pausable]
}

// ask returns the context of the attempt that is running.
func (l *leash) ask() *pausable {
	if p := l.asked.Load(); p != nil {
		return p
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.asked.Load(); p != nil {
		return p
	}
	p := &pausable{parent: l.parent, left: l.limit, since: l.began()}
	l.asked.Store(p)
	return p
}

// Done ends with the attempt.
func (l *leash) Done() <-chan struct{} { return l.ask().Done() }

// Err is DeadlineExceeded where the time was up.
func (l *leash) Err() error { return l.ask().Err() }

// Deadline is when the time will be up.
func (l *leash) Deadline() (time.Time, bool) { return l.ask().Deadline() }

// Value asks what is behind.
func (l *leash) Value(key any) any {
	if p := l.asked.Load(); p != nil {
		return p.Value(key)
	}
	return l.parent.Value(key)
}
