package source

import (
	"context"
	"time"

	"github.com/ergon-go/ergon"
)

// mergedExtender is a Merge of sources of which some lease.
type mergedExtender[T any] struct{ m *merged[T] }

// Lease returns the shortest lease, of the sources that have one.
func (e mergedExtender[T]) Lease() time.Duration {
	var shortest time.Duration
	for _, c := range e.m.children {
		if extender, ok := c.source.(ergon.Extender[T]); ok {
			if lease := extender.Lease(); lease > 0 && (shortest == 0 || lease < shortest) {
				shortest = lease
			}
		}
	}
	return shortest
}

// Extend extends each lease with the source that gave it, and those of what
// nobody has fetched yet. What no source of the Merge gave is lost.
func (e mergedExtender[T]) Extend(ctx context.Context, txs []ergon.Transaction[T]) error {
	at := func(i int) ergon.Transaction[T] { return txs[i] }
	return e.m.each(len(txs), at, ergon.ErrLeaseLost, func(c *child[T], places []int) error {
		extender, ok := c.source.(ergon.Extender[T])
		if !ok {
			return nil
		}
		theirs := make([]ergon.Transaction[T], 0, len(places))
		for _, place := range places {
			theirs = append(theirs, original(txs[place]))
		}
		e.m.mu.Lock()
		theirs = append(theirs, c.held...)
		e.m.mu.Unlock()
		errs := ergon.ItemErrorsOf(extender.Extend(ctx, theirs), len(theirs))
		if errs == nil {
			return nil
		}
		return errs[:len(places)]
	})
}
