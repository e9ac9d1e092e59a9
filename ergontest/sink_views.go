package ergontest

import (
	"context"
	"slices"

	"github.com/ergon-go/ergon"
)

// DispatchErrors makes Dispatch return one error after the other, nil standing for a
// call that works, and work from then on. It sets OnDispatch.
func (s *Sink[T]) DispatchErrors(errs ...error) {
	s.OnDispatch = func(_ context.Context, call int, _ []ergon.Transaction[T]) error { return nth(errs, call) }
}

// Transactions returns what was stored, each id once, in the order in which it
// came first.
func (s *Sink[T]) Transactions() []ergon.Transaction[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.kept)
}

// Payloads returns the payloads of Transactions.
func (s *Sink[T]) Payloads() []T {
	txs := s.Transactions()
	payloads := make([]T, len(txs))
	for i, tx := range txs {
		payloads[i] = tx.Payload()
	}
	return payloads
}

// IDs returns the ids of Transactions.
func (s *Sink[T]) IDs() []string {
	txs := s.Transactions()
	ids := make([]string, len(txs))
	for i, tx := range txs {
		ids[i] = tx.ID()
	}
	return ids
}

// Batches returns the calls of Dispatch, in the order in which they began, those
// that failed included. One that panicked or has not come back has the error
// ergon.ErrGoexit.
func (s *Sink[T]) Batches() []Batch[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.batches)
}

// Duplicates returns the id of each transaction that was stored though it was
// there already, as often as that happened, in order.
func (s *Sink[T]) Duplicates() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.again)
}

// Concurrency returns the most calls of Dispatch there ever were at once.
func (s *Sink[T]) Concurrency() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

// Starts returns how often Start was called.
func (s *Sink[T]) Starts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.life.starts
}

// Stops returns how often Stop was called.
func (s *Sink[T]) Stops() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.life.stops
}

// unsettled is empty: a Sink hands nothing out.
func (s *Sink[T]) unsettled() []string { return nil }

// Violations returns, joined, how the contract of a sink was broken by whoever
// used it: calls with nothing, or after Stop. It is nil where all was well. Run
// asks for it.
func (s *Sink[T]) Violations() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.violations.err()
}
