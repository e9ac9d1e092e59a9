package sink

import (
	"context"
	"slices"
	"sync"

	"github.com/ergon-go/ergon"
)

// Collect keeps in memory what it is given, in the order in which it came, run
// after run until Reset. What is handed over twice is kept twice. The zero value
// is empty and ready to use; it must not be copied once it is in use.
//
// It may be read while a pipeline runs: what was confirmed is there.
type Collect[T any] struct {
	lock sync.Mutex
	txs  []ergon.Transaction[T]
}

var _ ergon.Sink[int] = (*Collect[int])(nil)

// Dispatch keeps the transactions. It fails only where c is nil.
func (c *Collect[T]) Dispatch(_ context.Context, txs []ergon.Transaction[T]) error {
	if err := c.Validate(); err != nil {
		return ergon.Fatal(err)
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.txs = append(c.txs, txs...)
	return nil
}

// Validate refuses a nil Collect.
func (c *Collect[T]) Validate() error {
	if c == nil {
		return fault("sink.Collect", "", "is nil")
	}
	return nil
}

// Transactions returns what was kept, in a slice of its own.
func (c *Collect[T]) Transactions() []ergon.Transaction[T] {
	if c == nil {
		return nil
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	return slices.Clone(c.txs)
}

// Payloads returns the payloads of what was kept, in a slice of its own; the
// payloads themselves are shared, not copied.
func (c *Collect[T]) Payloads() []T {
	txs := c.Transactions()
	payloads := make([]T, len(txs))
	for i, tx := range txs {
		payloads[i] = tx.Payload()
	}
	return payloads
}

// Len returns how many transactions were kept.
func (c *Collect[T]) Len() int {
	if c == nil {
		return 0
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	return len(c.txs)
}

// Reset forgets what was kept.
func (c *Collect[T]) Reset() {
	if c == nil {
		return
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.txs = nil
}
