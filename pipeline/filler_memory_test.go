package pipeline_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

func TestFilledTransactionsWithoutAnIDGetOne(t *testing.T) {
	inBubble(t, "all of them, in memory that is used again", func(t *testing.T) {
		is := is.New(t)
		source, store, seen := fills(40), &shelf[int]{}, &violations{}
		source.onFill = func(_ context.Context, _ int, txs []ergon.Transaction[int]) (int, error) {
			time.Sleep(time.Second)
			n, err := source.fill(txs)
			for i := range txs[:n] {
				txs[i] = txs[i].WithID("")
			}
			return n, err
		}
		policy := pipeline.Policy{FetchBatch: 4, InFlight: 8}
		p := pipeline.From(source, pipeline.With(policy), pipeline.Named("orders"), pipeline.Observe(seen)).To(store)
		is.NoErr(p.Run(t.Context()))
		is.Equal(len(slices.Compact(store.ids())), 40) // unique
		ids := map[int]string{}
		for _, tx := range store.txs {
			ids[tx.Payload()] = tx.ID()
		}
		for _, one := range source.told {
			is.Equal(one.Transaction.Receipt(), one.Transaction.Payload()) // settled by its receipt
			is.Equal(one.Transaction.ID(), ids[one.Transaction.Payload()])
		}
		is.Equal(len(seen.errs), 40)
		is.True(len(source.memory) < len(source.rooms))
	})
}

// leasedFiller is a filler whose transactions are leased.
type leasedFiller struct{ *filler }

func (leasedFiller) Lease() time.Duration { return time.Minute }

func (leasedFiller) Extend(context.Context, []ergon.Transaction[int]) error { return nil }

func (s leasedFiller) Fill(ctx context.Context, _ ergon.Source[int], txs []ergon.Transaction[int]) (int, error) {
	return s.filler.Fill(ctx, s.filler, txs)
}

// sightings are what user code saw, as it saw it: it keeps all of it until the end.
type sightings struct {
	mu       sync.Mutex
	txs      map[string][]ergon.Transaction[int] // by who saw it
	failures []ergon.Failure[int]
}

func (s *sightings) add(who string, tx ergon.Transaction[int]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.txs == nil {
		s.txs = map[string][]ergon.Transaction[int]{}
	}
	s.txs[who] = append(s.txs[who], tx)
}

func (s *sightings) handler(verdict error) func(context.Context, ergon.Failure[int]) error {
	return func(_ context.Context, f ergon.Failure[int]) error {
		s.add("OnError", f.Transaction)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.failures = append(s.failures, f)
		return verdict
	}
}

// odd fails for every third value, for some of them only once.
func odd(tries *sync.Map) func(context.Context, int) (int, error) {
	return func(_ context.Context, v int) (int, error) {
		if _, again := tries.LoadOrStore(v, true); v%3 == 0 && (v%2 == 0 || !again) {
			return 0, fmt.Errorf("no %d", v)
		}
		return v, nil
	}
}

// The memory of a fetch is used again: what user code sees and has kept is right
// even so, with its id, payload, metadata and receipt.
func TestWhatUserCodeSeesOfAFillerIsRightThoughMemoryIsUsedAgain(t *testing.T) {
	const all = 600
	for _, tc := range []struct {
		name    string
		leased  bool
		busy    bool // the source never waits
		options []stage.Option
		sink    []stage.SinkOption
		handled error
	}{
		{"one worker", false, false, nil, nil, nil},
		{"four workers", false, false, []stage.Option{stage.Workers(4)}, nil, ergon.Handled},
		{"with batches", false, false, []stage.Option{stage.Workers(2)}, []stage.SinkOption{stage.Batch(7, time.Second)}, nil},
		{"leased", true, false, []stage.Option{stage.Workers(2)}, nil, nil},
		{"as fast as it goes", false, true, []stage.Option{stage.Workers(4)}, []stage.SinkOption{stage.Batch(7, time.Second)}, ergon.Handled},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			from, store, saw, tries := fills(all), &shelf[int]{}, &sightings{}, &sync.Map{}
			for i, tx := range from.waiting {
				from.waiting[i] = tx.WithMeta("n", i)
			}
			from.onFill = func(_ context.Context, _ int, txs []ergon.Transaction[int]) (int, error) {
				if !tc.busy {
					time.Sleep(time.Minute) // until all that can end has ended
				}
				return from.fill(txs)
			}
			source := ergon.Source[int](from)
			if tc.leased {
				source = leasedFiller{from}
			}
			opts := append([]stage.Option{stage.Retry(retry.Policy{MaxAttempts: 2, Jitter: retry.NoJitter})}, tc.options...)
			p := pipeline.From(source, pipeline.With(pipeline.Policy{FetchBatch: 10, InFlight: 30})).
				Map(odd(tries), opts...).
				OnError(saw.handler(tc.handled)).
				OnSuccess(func(_ context.Context, tx ergon.Transaction[int]) error { saw.add("OnSuccess", tx); return nil }).
				To(store, tc.sink...)
			is.NoErr(p.Run(t.Context()))

			for _, one := range from.told {
				saw.add("Settle", one.Transaction)
				is.Equal(one.Transaction.Receipt(), one.Transaction.Payload())
			}
			for _, tx := range store.txs {
				saw.add("Dispatch", tx)
			}
			failed := all / 6
			is.Equal(seenBy(is, saw.txs["OnError"]), failed)
			is.Equal(seenBy(is, saw.txs["OnSuccess"]), all-failed)
			is.Equal(seenBy(is, saw.txs["Settle"]), all)
			is.Equal(seenBy(is, saw.txs["Dispatch"]), all-failed)
			is.Equal(len(from.twice), 0)
			for _, f := range saw.failures {
				v, ok := f.At[int]()
				is.True(ok)
				is.Equal(v, f.Transaction.Payload())
				is.Equal(f.Err.Error(), fmt.Sprint("no ", v))
				is.Equal(len(f.Attempts), 2)
			}
			is.True(len(from.memory) < len(from.rooms)/4 || tc.busy || tc.leased) // used again
			is.True(len(from.memory) == len(from.rooms) || !tc.leased)            // leases are looked at any time
		})
	}
}

// seenBy holds that each transaction is of one piece, and returns how many
// different ones there are, or -1 if one came twice.
func seenBy(is *is.I, txs []ergon.Transaction[int]) int {
	is.Helper()
	ids := map[string]bool{}
	for _, tx := range txs {
		n, _ := tx.Metadata().Get[int64]("n")
		is.Equal([]any{tx.ID(), n}, []any{fmt.Sprint("t:", tx.Payload()), int64(tx.Payload())})
		ids[tx.ID()] = true
	}
	if len(ids) != len(txs) {
		return -1
	}
	return len(ids)
}
