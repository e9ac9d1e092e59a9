package source

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync/atomic"

	"github.com/ergon-go/ergon"
)

// Items is a Source of transactions that are all in memory. Slice and
// Transactions make one.
type Items[T any] struct {
	settings
	count   int
	put     func(dst []ergon.Transaction[T], from, to int) []ergon.Transaction[T] // appends them
	next    atomic.Int64
	started bool
}

// Slice returns a Source of the given items, with the ids "slice:0", "slice:1"
// and so on. The slice must not change any more.
func Slice[T any](items []T, opts ...Option) *Items[T] {
	s := &Items[T]{settings: settingsOf("source.Slice", "slice", opts), count: len(items)}
	s.put = func(dst []ergon.Transaction[T], from, to int) []ergon.Transaction[T] {
		return ergon.AppendNumbered(dst, s.name, int64(from), items[from:to])
	}
	return s
}

// Transactions returns a Source of the given transactions, with their own ids.
func Transactions[T any](txs ...ergon.Transaction[T]) *Items[T] {
	txs = slices.Clone(txs)
	return &Items[T]{
		settings: settingsOf[Option]("source.Transactions", "", nil), count: len(txs),
		put: func(dst []ergon.Transaction[T], from, to int) []ergon.Transaction[T] {
			return append(dst, txs[from:to]...)
		},
	}
}

// Validate reports what is wrong with the source's settings.
func (s *Items[T]) Validate() error { return s.err() }

// Start begins with the first transaction.
func (s *Items[T]) Start(context.Context) error {
	if err := s.err(); err != nil {
		return err
	}
	if !s.started {
		s.started = true
		s.next.Store(0)
	}
	return nil
}

// Stop lets the next Start begin again.
func (s *Items[T]) Stop(context.Context) error {
	s.started = false
	return nil
}

// Fetch returns the next transactions, and io.EOF with the last of them. It
// never blocks.
func (s *Items[T]) Fetch(_ context.Context, max int) ([]ergon.Transaction[T], error) {
	return s.read(nil, max)
}

// Fill does what Fetch does, in memory of the caller's.
func (s *Items[T]) Fill(_ context.Context, source ergon.Source[T], txs []ergon.Transaction[T]) (int, error) {
	if source != ergon.Source[T](s) {
		return 0, errors.ErrUnsupported
	}
	got, err := s.read(txs[:0], len(txs))
	return len(got), err
}

// read appends up to most transactions to dst.
func (s *Items[T]) read(dst []ergon.Transaction[T], most int) ([]ergon.Transaction[T], error) {
	if err := s.err(); err != nil {
		return nil, ergon.Permanent(err)
	}
	from := int(s.next.Load())
	to := from + min(s.count-from, atLeast0(most))
	s.next.Store(int64(to))
	if to > from {
		dst = s.put(dst, from, to)
	}
	if to == s.count {
		return dst, io.EOF
	}
	return dst, nil
}

// Count returns how many have not been fetched yet.
func (s *Items[T]) Count(context.Context) (int, error) {
	return s.count - int(s.next.Load()), nil
}

// atLeast0 keeps a nonsensical max from doing harm.
func atLeast0(n int) int { return max(n, 0) }
