package source

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
)

// merged is what all forms of Merge have in common.
type merged[T any] struct {
	children []*child[T]
	faults   error
	started  bool

	scope sync.WaitGroup // of the calls of Fetch of the children
	news  chan struct{}  // holds one: a child has answered

	mu   sync.Mutex // guards the state of the children; held for a few instructions only
	turn int        // whose turn it is to be taken from first
	run  int        // how often Stop was called
}

// Validate reports what is wrong with the sources, together and each.
func (m *merged[T]) Validate() error {
	faults := []error{m.faults}
	for _, c := range m.children {
		if v, ok := c.source.(interface{ Validate() error }); ok {
			faults = append(faults, v.Validate())
		}
	}
	return errors.Join(faults...)
}

// Start starts the sources that can be, in order. Where one fails, those before
// it are stopped.
func (m *merged[T]) Start(ctx context.Context) error {
	if err := m.Validate(); err != nil || m.started {
		return err
	}
	for i, c := range m.children {
		starter, ok := c.source.(ergon.Starter)
		if !ok {
			continue
		}
		if err := starter.Start(ctx); err != nil {
			return errors.Join(c.wrap(err), stopAll(ctx, m.children[:i]))
		}
	}
	m.started = true
	return nil
}

// Stop ends what the sources are still fetching, releases what nobody has
// fetched, and stops them in the reverse order.
func (m *merged[T]) Stop(ctx context.Context) error {
	m.started = false
	m.interrupt()
	errs := []error{m.wait(ctx)}
	m.mu.Lock()
	m.run++
	m.mu.Unlock()
	for _, c := range m.children {
		m.mu.Lock()
		left := c.rest()
		m.mu.Unlock()
		errs = append(errs, c.release(ctx, left))
	}
	return errors.Join(append(errs, stopAll(ctx, m.children))...)
}

func stopAll[T any](ctx context.Context, children []*child[T]) error {
	var errs []error
	for _, c := range slices.Backward(children) {
		if stopper, ok := c.source.(ergon.Stopper); ok {
			errs = append(errs, c.wrap(stopper.Stop(ctx)))
		}
	}
	return errors.Join(errs...)
}

// interrupt ends the contexts of all calls of Fetch that go on.
func (m *merged[T]) interrupt() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.children {
		if c.asked {
			c.cancel()
		}
	}
}

// wait waits until no source is fetching any more, or ctx ends.
func (m *merged[T]) wait(ctx context.Context) error {
	for {
		m.mu.Lock()
		i := slices.IndexFunc(m.children, func(c *child[T]) bool { return c.asked })
		m.mu.Unlock()
		if i < 0 {
			return nil
		}
		if !m.sleep(ctx, time.Time{}) {
			return m.children[i].wrap(fmt.Errorf("still fetching: %w", ctx.Err()))
		}
	}
}

// Health asks all sources that can tell.
func (m *merged[T]) Health(ctx context.Context) error {
	var errs []error
	for _, c := range m.children {
		if h, ok := c.source.(ergon.HealthChecker); ok {
			errs = append(errs, c.wrap(h.Health(ctx)))
		}
	}
	return errors.Join(errs...)
}

func (m *merged[T]) names() []string {
	var names []string
	for _, c := range m.children {
		names = append(names, namesOf(c.source)...)
	}
	return names
}

func (m *merged[T]) rewinds() bool {
	return !slices.ContainsFunc(m.children, func(c *child[T]) bool { return !c.rewinds() })
}

// Prefetch returns the least that any source wants in flight, since all of it
// may be of that one; 0 where none says.
func (m *merged[T]) Prefetch() int {
	least := 0
	for _, c := range m.children {
		if p, ok := c.source.(ergon.Prefetcher); ok {
			if n := p.Prefetch(); n > 0 && (least == 0 || n < least) {
				least = n
			}
		}
	}
	return least
}
