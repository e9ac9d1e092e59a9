package ergontest

import (
	"context"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// ExtendCall is one call of Extend.
type ExtendCall struct {
	IDs []string
	Err error
	At  time.Time // when it began
}

// Leased returns the source as one whose transactions are leased, an
// ergon.Extender: what is neither settled nor extended within lease is handed
// out again, its delivery count raised, and what is told with the old receipt
// changes nothing. Everything is still recorded in s. A lease below 1 ns stands
// for none.
func (s *Source[T]) Leased(lease time.Duration) ergon.Source[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lease = lease
	return &leased[T]{s}
}

type leased[T any] struct{ *Source[T] }

var _ ergon.Extender[int] = (*leased[int])(nil)

// Lease returns how long a transaction may take to be settled or extended.
func (l *leased[T]) Lease() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lease
}

// Extend prolongs leases.
func (l *leased[T]) Extend(ctx context.Context, txs []ergon.Transaction[T]) error {
	concerns(ctx, ergon.KindExtend, txs)
	call := l.beginExtend(txs)
	var err error
	if l.OnExtend != nil {
		err = l.OnExtend(ctx, call, slices.Clone(txs))
	}
	stored, err := outcome(err, len(txs))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expire()
	errs := slices.Grow(ergon.ItemErrorsOf(err, len(txs)), len(txs))[:len(txs)]
	lost := false
	for i, tx := range txs {
		if stored(i) && !l.prolong(tx) {
			errs[i], lost = ergon.ErrLeaseLost, true
		}
	}
	if lost {
		err = errs
	}
	l.extends[call-1].Err = err
	return err
}

func (l *leased[T]) beginExtend(txs []ergon.Transaction[T]) (call int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.violations.unlessf(!l.life.over(), "Extend was called after Stop")
	ids := make([]string, len(txs))
	for i, tx := range txs {
		ids[i] = tx.ID()
	}
	l.extends = append(l.extends, ExtendCall{IDs: ids, Err: ergon.ErrGoexit, At: time.Now()})
	return len(l.extends)
}

// prolong gives a transaction a new lease, if the old one has not run out. One
// that was settled meanwhile needs none.
func (l *leased[T]) prolong(tx ergon.Transaction[T]) bool {
	r, ok := tx.Receipt().(*receipt[T])
	l.violations.unlessf(ok, "%q was extended with a receipt that is not its own", tx.ID())
	if !ok || r.stale {
		return false
	}
	r.until = time.Now().Add(l.lease)
	return true
}

// Extends returns the calls of Extend, in order. One that panicked or has not
// come back has the error ergon.ErrGoexit.
func (s *Source[T]) Extends() []ExtendCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.extends)
}

// Uncounted returns the source as one that cannot say how much it holds: it is
// no ergon.Counter. Everything is still recorded in s.
func (s *Source[T]) Uncounted() ergon.Source[T] { return uncounted[T]{s, s, s, s, s} }

// uncounted has the methods of a Source but Count.
type uncounted[T any] struct {
	ergon.Source[T]
	ergon.Settler[T]
	ergon.Accepter
	ergon.Starter
	ergon.Stopper
}
