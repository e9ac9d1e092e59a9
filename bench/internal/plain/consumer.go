package plain

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sourcegraph/conc/pool"
)

const (
	mostInFlight = 1024
	drain        = 20 * time.Second
	lingering    = 50 * time.Millisecond // how long a transaction waits for more outcomes
)

// consumer works the queue off: one goroutine leases lines, callers make outcomes
// of them, and one writes those.
type consumer struct {
	store     *store
	directory *directory
	lease     time.Duration

	lines    chan leased
	outcomes chan outcome
	free     chan struct{} // holds one for each line that may still be leased
	idle     chan struct{} // signalled when something was written

	mu   sync.Mutex
	held map[int64]int64 // leases by position
}

func newConsumer(s *store, d *directory, lease time.Duration) *consumer {
	c := &consumer{
		store: s, directory: d, lease: lease,
		lines: make(chan leased, mostInFlight), outcomes: make(chan outcome, mostInFlight),
		free: make(chan struct{}, mostInFlight), idle: make(chan struct{}, 1), held: map[int64]int64{},
	}
	for range mostInFlight {
		c.free <- struct{}{}
	}
	return c
}

// run returns when the queue is empty, or when ctx has ended and what was leased
// is done.
func (c *consumer) run(ctx context.Context) error {
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	ended := context.AfterFunc(ctx, func() { time.AfterFunc(drain, func() { stop(errDrained) }) })
	defer ended()
	extending, endExtending := context.WithCancel(work)
	group := pool.New().WithContext(work).WithCancelOnError()
	group.Go(func(work context.Context) error {
		defer close(c.lines)
		fetching, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(work, cancel)() // a fault elsewhere ends it too
		return c.fetch(fetching)
	})
	group.Go(c.call)
	group.Go(func(work context.Context) error {
		defer endExtending()
		return c.write(context.WithoutCancel(work))
	})
	group.Go(func(context.Context) error { return c.extend(extending) })
	return group.Wait()
}

var errDrained = errors.New("plain: the time to drain is over")

// fetch leases lines as long as there are any.
func (c *consumer) fetch(ctx context.Context) error {
	for {
		n := c.take(ctx)
		if n == 0 {
			return nil
		}
		lines, err := c.store.fetch(context.WithoutCancel(ctx), n, c.lease)
		if err != nil {
			return fmt.Errorf("plain: fetch: %w", err)
		}
		c.give(n - len(lines))
		c.hold(lines)
		for _, l := range lines {
			c.lines <- l // there is room for all in flight
		}
		if len(lines) > 0 {
			continue
		}
		if more, err := c.more(ctx); err != nil || !more {
			return err
		}
	}
}

// take waits until lines may be leased, and returns how many, 0 at a stop.
func (c *consumer) take(ctx context.Context) int {
	select {
	case <-c.free:
	case <-ctx.Done():
		return 0
	}
	for n := 1; ; n++ {
		if n == fetched {
			return n
		}
		select {
		case <-c.free:
		default:
			return n
		}
	}
}

func (c *consumer) give(n int) {
	for range n {
		c.free <- struct{}{}
	}
}

// more waits, when nothing is ready, until something may be, and reports whether
// anything is left. What is in flight counts as left, since it may come again.
func (c *consumer) more(ctx context.Context) (bool, error) {
	at, some, err := c.store.next(context.WithoutCancel(ctx))
	if err != nil || !some {
		return false, err
	}
	timer := time.NewTimer(max(time.Millisecond, time.Until(at)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.idle:
	case <-ctx.Done():
		return false, nil
	}
	return true, nil
}

func (c *consumer) hold(lines []leased) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range lines {
		c.held[l.position] = l.lease
	}
}

func (c *consumer) inFlight() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.held)
}

func (c *consumer) leave(outcomes []outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range outcomes {
		delete(c.held, o.position)
	}
}
