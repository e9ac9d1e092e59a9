package source

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
)

// Fetch blocks until a source has something, all have ended, all have nothing
// now, or ctx ends; then the sources are told to return what they have.
func (m *merged[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	if m.faults != nil {
		return nil, ergon.Permanent(m.faults)
	}
	if err := ctx.Err(); err != nil || max < 1 {
		return nil, err
	}
	for first := true; ; first = false {
		wake := m.ask(ctx, max, first)
		if txs, err, done := m.collect(max); done {
			return txs, err
		}
		if !m.sleep(ctx, wake) {
			m.interrupt()
			m.scope.Wait()
			txs, err, _ := m.collect(max)
			return txs, errors.Join(ctx.Err(), err)
		}
	}
}

// ask asks every source that is idle for its share, in a goroutine that ends
// when its Fetch does. It returns when the first of those that rest is to be
// asked again; zero = none rests.
func (m *merged[T]) ask(ctx context.Context, max int, first bool) (wake time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	alive := 0
	for _, c := range m.children {
		c.empty = c.empty && !first
		if !c.ended {
			alive++
		}
	}
	for _, c := range m.children {
		if !c.idle() {
			continue
		}
		if now := time.Now(); now.Before(c.resting) {
			if wake.IsZero() || c.resting.Before(wake) {
				wake = c.resting
			}
			continue
		}
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // it is called through the child
		c.asked, c.cancel = true, cancel
		run, share := m.run, (max+alive-1)/alive
		m.scope.Go(func() { c.fetch(ctx, share, func(a answer[T]) { m.deliver(ctx, c, a, run) }) })
	}
	return wake
}

// deliver takes what a source has answered.
func (m *merged[T]) deliver(ctx context.Context, c *child[T], a answer[T], run int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c.take(a, ctx.Err(), run == m.run)
	c.cancel()
	select {
	case m.news <- struct{}{}:
	default: // is known already
	}
}

// collect returns what Fetch is to return, or that it is not done yet.
func (m *merged[T]) collect(max int) (txs []ergon.Transaction[T], err error, done bool) { //nolint:revive // the first two are what Fetch returns
	m.mu.Lock()
	defer m.mu.Unlock()
	txs = m.take(max)
	var errs []error
	ended, empty := true, true
	for _, c := range m.children {
		errs = append(errs, c.wrap(c.err))
		c.err = nil
		ended = ended && c.ended && len(c.held) == 0
		empty = empty && (c.empty || c.ended)
	}
	if err = errors.Join(errs...); err == nil && ended {
		err = io.EOF
	}
	return txs, err, len(txs) > 0 || err != nil || empty
}

// take takes up to max from the sources, one at a time from each in turn.
func (m *merged[T]) take(max int) []ergon.Transaction[T] {
	var txs []ergon.Transaction[T]
	for dry := 0; dry < len(m.children) && len(txs) < max; {
		c := m.children[m.turn%len(m.children)]
		m.turn++
		if len(c.held) == 0 {
			dry++
			continue
		}
		dry = 0
		txs = append(txs, c.held[0].WithReceipt(mergedReceipt[T]{child: c, inner: c.held[0].Receipt()}))
		c.held = c.held[1:]
	}
	return txs
}

// sleep returns when a source has answered or wake has come; false = ctx ended.
func (m *merged[T]) sleep(ctx context.Context, wake time.Time) bool {
	var alarm <-chan time.Time
	if !wake.IsZero() {
		timer := time.NewTimer(lab.From(ctx).Apart(time.Until(wake)))
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-m.news:
	case <-alarm:
	case <-ctx.Done():
		return false
	}
	return true
}
