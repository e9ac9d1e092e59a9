package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/ergon-go/ergon"
)

// child is one of the sources of a Merge, and where it is. Its state is guarded
// by the Merge.
type child[T any] struct {
	number int // from 1
	source ergon.Source[T]

	asked   bool // its Fetch has not returned yet
	cancel  context.CancelFunc
	held    []ergon.Transaction[T] // what it handed out and nobody has fetched
	err     error                  // what nobody was told yet
	ended   bool
	empty   bool      // it had nothing when it was asked by the present Fetch
	resting time.Time // it is not asked again before
	naps    int       // how often in a row it had to rest
}

// answer is what a Fetch has returned.
type answer[T any] struct {
	txs []ergon.Transaction[T]
	err error
}

// fetch asks the source, whatever it does, and hands on the answer.
func (c *child[T]) fetch(ctx context.Context, max int, deliver func(answer[T])) {
	a := answer[T]{err: ergon.ErrGoexit} // unless Fetch returns or panics
	defer func() {
		if value := recover(); value != nil {
			a = answer[T]{err: &ergon.PanicError{Value: value, Stack: debug.Stack()}}
		}
		deliver(a)
	}()
	a.txs, a.err = c.source.Fetch(ctx, max)
}

// idle reports whether the source may be asked, now or later.
func (c *child[T]) idle() bool { return !c.asked && !c.ended && len(c.held) == 0 }

// take notes an answer. That a source was interrupted is no failure of it. What
// comes after Stop is kept, unless the source will hand it out again by itself.
func (c *child[T]) take(a answer[T], interrupted error, inTime bool) {
	c.asked = false
	if inTime || !c.repeats() {
		c.held = append(c.held, a.txs...)
	}
	if !inTime {
		return
	}
	c.empty = len(a.txs) == 0 && a.err == nil
	switch {
	case errors.Is(a.err, io.EOF):
		c.ended = true
	case a.err == nil && len(a.txs) > 0, interrupted != nil && errors.Is(a.err, interrupted):
		c.naps = 0
	case a.err != nil:
		c.err = a.err
		_, asks := ergon.SteeringOf(a.err)
		c.nap(max(asks, nap(c.naps, 100*time.Millisecond, 30*time.Second)))
	default:
		c.nap(nap(c.naps, time.Millisecond, time.Second))
	}
}

func (c *child[T]) nap(d time.Duration) { c.naps, c.resting = c.naps+1, time.Now().Add(d) }

// nap is how long the rest after so many others is.
func nap(before int, shortest, longest time.Duration) time.Duration {
	return min(shortest<<min(before, 20), longest)
}

// rest forgets the run and returns what nobody has fetched. It keeps that where
// the source could not hand it out again.
func (c *child[T]) rest() []ergon.Transaction[T] {
	left := c.held
	if c.repeats() {
		c.held = nil
	}
	c.err, c.ended, c.empty, c.naps, c.resting = nil, false, false, 0, time.Time{}
	return left
}

// repeats reports whether the source hands out again what it did not Settle.
func (c *child[T]) repeats() bool {
	_, settles := c.source.(ergon.Settler[T])
	return settles || c.rewinds()
}

func (c *child[T]) rewinds() bool {
	r, ok := c.source.(interface{ rewinds() bool })
	return ok && r.rewinds()
}

// release tells the source that nobody has fetched what it handed out.
func (c *child[T]) release(ctx context.Context, txs []ergon.Transaction[T]) error {
	settler, ok := c.source.(ergon.Settler[T])
	if !ok || len(txs) == 0 {
		return nil
	}
	settlements := make([]ergon.Settlement[T], len(txs))
	for i, tx := range txs {
		settlements[i] = ergon.Settlement[T]{Transaction: tx, Verdict: ergon.Released}
	}
	if errs := ergon.ItemErrorsOf(settler.Settle(ctx, settlements), len(txs)); errs != nil {
		return c.wrap(errs)
	}
	return nil
}

// wrap says whose error it is.
func (c *child[T]) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("source: merge: source %d: %w", c.number, err)
}
