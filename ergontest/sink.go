package ergontest

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
)

// Sink keeps in memory what it is given, and records every call. The zero value
// is empty and ready to use; it must not be copied once it is in use. All its
// methods may be called by any goroutine; the exported fields are set before the
// first use.
//
// It recognises ids, as a good sink does: what is handed over again is noted, in
// Batches and Duplicates, and not kept twice.
type Sink[T any] struct {
	// OnDispatch is called before each Dispatch does anything, with the number of
	// the call, from 1. Its error is that of the call: nil stores all
	// transactions, ergon.ItemErrors those without an error, any other none,
	// unless StoredBut says otherwise. It may panic, block, or call
	// runtime.Goexit.
	OnDispatch func(ctx context.Context, call int, txs []ergon.Transaction[T]) error
	// OnStart and OnStop are called by Start and Stop; their error is that of the
	// call.
	OnStart, OnStop func(ctx context.Context) error

	mu         sync.Mutex
	life       life
	batches    []Batch[T]
	kept       []ergon.Transaction[T]
	known      map[string]int // how often it was stored, by id
	again      []string
	active     int
	most       int
	violations violations
	witness    *witness
}

// Batch is one call of Dispatch.
type Batch[T any] struct {
	Transactions []ergon.Transaction[T] // as they were handed over
	Stored       int                    // how many of them were stored, known ones included
	Err          error
	At           time.Time // when it began
	Took         time.Duration
}

var (
	_ ergon.Sink[int] = (*Sink[int])(nil)
	_ ergon.Starter   = (*Sink[int])(nil)
	_ ergon.Stopper   = (*Sink[int])(nil)
)

// Dispatch keeps the transactions.
func (s *Sink[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	txs = slices.Clone(txs)
	concerns(ctx, ergon.KindDispatch, txs)
	call := s.begin(txs)
	defer s.end()
	var err error
	if s.OnDispatch != nil {
		err = s.OnDispatch(ctx, call, slices.Clone(txs))
	}
	stored, err := outcome(err, len(txs))
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &s.batches[call-1]
	for i, tx := range txs {
		if stored(i) {
			s.store(tx)
			b.Stored++
		}
	}
	b.Err, b.Took = err, time.Since(b.At)
	return err
}

func (s *Sink[T]) begin(txs []ergon.Transaction[T]) (call int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations.unlessf(len(txs) > 0, "Dispatch was called with nothing")
	s.violations.unlessf(!s.life.over(), "Dispatch was called after Stop")
	s.active++
	s.most = max(s.most, s.active)
	s.batches = append(s.batches, Batch[T]{Transactions: txs, Err: ergon.ErrGoexit, At: time.Now()})
	return len(s.batches)
}

func (s *Sink[T]) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active--
}

func (s *Sink[T]) store(tx ergon.Transaction[T]) {
	id := tx.ID()
	if s.known == nil {
		s.known = map[string]int{}
	}
	s.known[id]++
	s.witness.stored(id, s.known[id] == 1)
	if s.known[id] > 1 {
		s.again = append(s.again, id)
		return
	}
	s.kept = append(s.kept, tx)
}

// Start begins a run. Start after Start changes nothing.
func (s *Sink[T]) Start(ctx context.Context) error {
	s.mu.Lock()
	s.life.begin()
	s.witness = witnessOf(ctx)
	w := s.witness
	s.mu.Unlock()
	w.join(s, true)
	if s.OnStart != nil {
		return s.OnStart(ctx)
	}
	return nil
}

// Stop ends a run. Stop after Stop changes nothing.
func (s *Sink[T]) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.life.end()
	s.mu.Unlock()
	if s.OnStop != nil {
		return s.OnStop(ctx)
	}
	return nil
}
