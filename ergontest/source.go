package ergontest

import (
	"context"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
)

// Source is a queue in memory that settles, and records everything it is asked
// and told. NewSource and SourceOf make one; the zero value is empty and ready
// to use. It must not be copied. All its methods may be called by any goroutine;
// the exported fields are set before the first use.
//
// What it holds is handed out in order, up to max at a time. What is Returned
// comes again after its Delay, behind the others, with its delivery count
// raised. What is Released comes again in the next run, its count as it was. A
// run begins with Start; what was handed out before and never settled comes
// again then. Fetch returns io.EOF once everything is settled and nothing of it
// will come again in this run; until then, where there is nothing to hand out
// at the moment, it returns nothing.
//
// A transaction whose Settle fails for good stays where it is until the next run
// or, where the source is Leased, the end of its lease: a run without a limit
// goes on asking for it.
//
// A thousand fetches in vain at one instant are a violation, and take a second
// each from then on.
//
// It is an ergon.Counter, and counts deliveries. Leased adds ergon.Extender,
// Uncounted takes ergon.Counter away. A source that does not settle at all is
// source.Slice.
type Source[T any] struct {
	// Open keeps Fetch from returning io.EOF, for a pipeline that streams.
	Open bool
	// Verdicts are those it accepts; the zero value stands for all.
	Verdicts ergon.Verdicts
	// NoDeliveries keeps it from saying how often it has handed something out.
	NoDeliveries bool

	// OnFetch is called before each Fetch does anything, with the number of the
	// call, from 1. It returns how many transactions to hand out at most, which
	// may be more than max, and the error of the call: (max, nil) is the ordinary
	// way, (0, nil) an empty fetch. It may panic, block, or call runtime.Goexit.
	OnFetch func(ctx context.Context, call, max int) (int, error)
	// OnSettle is called before each Settle does anything, with the number of the
	// call, from 1. Its error is that of the call: nil stores all settlements,
	// ergon.ItemErrors those without an error, any other none, unless StoredBut
	// says otherwise. It may panic, block, or call runtime.Goexit.
	OnSettle func(ctx context.Context, call int, settlements []ergon.Settlement[T]) error
	// OnExtend is the same for Extend.
	OnExtend func(ctx context.Context, call int, txs []ergon.Transaction[T]) error
	// OnStart and OnStop are called by Start and Stop; their error is that of the
	// call.
	OnStart, OnStop func(ctx context.Context) error

	mu         sync.Mutex
	life       life
	lease      time.Duration
	made       int
	waiting    []*parcel[T] // in the order in which they are handed out
	out        map[*receipt[T]]struct{}
	parcels    []*parcel[T] // all there ever were
	fetching   int
	settling   int
	fetches    []FetchCall
	vain       int       // fetches that got nothing, one after the other, at one instant
	vainAt     time.Time // that instant
	settled    []Settlement[T]
	settles    int
	extends    []ExtendCall
	violations violations
	witness    *witness
}

var (
	_ ergon.Settler[int] = (*Source[int])(nil)
	_ ergon.Accepter     = (*Source[int])(nil)
	_ ergon.Counter      = (*Source[int])(nil)
	_ ergon.Starter      = (*Source[int])(nil)
	_ ergon.Stopper      = (*Source[int])(nil)
)

// NewSource returns a Source of payloads, with the ids "test:0", "test:1" and so
// on.
func NewSource[T any](payloads ...T) *Source[T] {
	s := &Source[T]{}
	s.Add(payloads...)
	return s
}

// SourceOf returns a Source of transactions, whose ids and metadata stay as they
// are.
func SourceOf[T any](txs ...ergon.Transaction[T]) *Source[T] {
	s := &Source[T]{}
	s.Put(txs...)
	return s
}

// Add adds payloads behind what is there, also while a pipeline runs.
func (s *Source[T]) Add(payloads ...T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, payload := range payloads {
		s.put(ergon.Numbered("test", int64(s.made), payload))
		s.made++
	}
}

// Put is Add for transactions.
func (s *Source[T]) Put(txs ...ergon.Transaction[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, tx := range txs {
		s.put(tx)
	}
}

func (s *Source[T]) put(tx ergon.Transaction[T]) {
	p := &parcel[T]{tx: tx}
	s.parcels = append(s.parcels, p)
	s.waiting = append(s.waiting, p)
}

// Accepts returns the verdicts it accepts.
func (s *Source[T]) Accepts() ergon.Verdicts {
	if s.Verdicts == 0 {
		return ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned)
	}
	return s.Verdicts
}

// Count returns how many transactions are not yet Acked, DeadLettered or
// Released.
func (s *Source[T]) Count(context.Context) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return len(s.waiting) + len(s.out), nil
}
