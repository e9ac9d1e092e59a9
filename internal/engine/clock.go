package engine

import (
	"context"
	"sync"
	"time"

	"github.com/ergon-go/ergon/internal/lab"
)

// clock is the one source of timers of a run, so that all of them can be stopped
// at its end and moved apart in a simulation.
type clock struct {
	lab    *lab.Lab
	mu     sync.Mutex
	timers map[*alarm]struct{}
	closed bool
	fixed  bool      // no attempt may start after limit any more
	limit  time.Time // the end of the drain
	last   time.Time // the end of the grace, for what may outlive the drain
}

// alarm is something that will happen: due calls it at its time, abandon when
// it cannot happen in time.
type alarm struct {
	timer   *time.Timer
	at      time.Time
	late    bool // it may outlive the drain
	due     func()
	abandon func() // nil: simply never
}

func newClock(l *lab.Lab) *clock { return &clock{lab: l, timers: map[*alarm]struct{}{}} }

// after calls f after d, in a goroutine of its own, unless the run is over by then.
func (c *clock) after(d time.Duration, f func()) { c.set(d, false, f, nil) }

// wait calls due after d. Once it is known that d ends too late, or the run's
// deadline has come, it calls abandon instead. What is late has until the end of
// the grace.
func (c *clock) wait(d time.Duration, late bool, due, abandon func()) { c.set(d, late, due, abandon) }

func (c *clock) set(d time.Duration, late bool, due, abandon func()) {
	d = c.lab.Apart(d)
	a := &alarm{at: time.Now().Add(d), late: late, due: due, abandon: abandon}
	c.mu.Lock()
	hopeless := abandon != nil && (c.closed || c.hopeless(a))
	if !hopeless && !c.closed {
		c.timers[a] = struct{}{}
		a.timer = time.AfterFunc(d, func() {
			if c.take(a) {
				a.due()
			}
		})
	}
	c.mu.Unlock()
	if hopeless {
		abandon()
	}
}

// hopeless reports whether an alarm ends too late.
func (c *clock) hopeless(a *alarm) bool {
	if a.late {
		return c.fixed && a.at.After(c.last)
	}
	return c.fixed && a.at.After(c.limit)
}

// take takes an alarm out, and says whether it was still there.
func (c *clock) take(a *alarm) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, there := c.timers[a]
	delete(c.timers, a)
	if there {
		a.timer.Stop()
	}
	return there
}

// deadline says that nothing may be waited for beyond limit, but for what may
// take the grace too.
func (c *clock) deadline(limit time.Time, grace time.Duration) {
	c.mu.Lock()
	c.fixed, c.limit, c.last = true, limit, limit.Add(grace)
	var hopeless []*alarm
	for a := range c.timers {
		if a.abandon != nil && c.hopeless(a) {
			hopeless = append(hopeless, a)
		}
	}
	c.mu.Unlock()
	for _, a := range hopeless {
		if c.take(a) {
			a.abandon()
		}
	}
}

// close stops every timer. What could be abandoned is not: the run is over.
func (c *clock) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for a := range c.timers {
		a.timer.Stop()
	}
	clear(c.timers)
}

// sleep waits for d, or until ctx ends or wake is signalled.
func (c *clock) sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(c.lab.Apart(d))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-wake:
	}
}
