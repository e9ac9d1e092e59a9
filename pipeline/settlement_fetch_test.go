package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
)

func TestLimitsAreExact(t *testing.T) {
	for _, tc := range []struct {
		name  string
		limit int64
		batch int
		asked []int
	}{
		{"15 with batches of 10", 15, 10, []int{10, 5}},
		{"3 with batches of 10", 3, 10, []int{3}},
		{"10 with batches of 10", 10, 10, []int{10}},
		{"1 with the default", 1, 0, []int{1}},
		{"more than there is", 1000, 40, []int{40, 40}},
	} {
		for _, stream := range []bool{false, true} {
			inBubble(t, fmt.Sprint(tc.name, " stream ", stream), func(t *testing.T) {
				is := is.New(t)
				source, store := tell(50), &shelf[int]{}
				p := pipeline.From(source, pipeline.With(pipeline.Policy{Limit: tc.limit, FetchBatch: tc.batch})).To(store)
				run := p.Run
				if stream {
					run = p.Stream
				}
				is.NoErr(run(t.Context()))
				want := min(tc.limit, 50)
				is.Equal(source.asked, tc.asked)
				is.Equal(p.Ledger(), ergon.Ledger{Fetched: want, Succeeded: want})
				is.Equal(int64(len(store.txs)), want)
				is.Equal(len(source.waiting), int(50-want)) // nothing was taken and lost
			})
		}
	}
}

func TestI14NoMoreIsInFlightThanMayBe(t *testing.T) {
	for _, tc := range []struct {
		name string
		over int // how many more than asked the source hands out
	}{{"what was asked for", 0}, {"more than asked", 3}, {"all it has, whatever was asked", 1000}} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, most := tell(60), int64(0)
			var p pipeline.Pipeline
			source.onFetch = func(_ context.Context, _, n int) ([]ergon.Transaction[int], error) { return source.hand(n + tc.over) }
			source.onSettle = func(_ context.Context, _ int, all []ergon.Settlement[int]) error {
				most = max(most, p.Ledger().InFlight)
				time.Sleep(time.Second)
				return nil
			}
			p = pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 8})).Map(same).To(&shelf[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(most, int64(8)) // from fetch to settlement
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 60, Succeeded: 60})
			is.True(slices.Max(source.asked) <= 8)
		})
	}
}

func TestI18AFetchThatFails(t *testing.T) {
	for _, tc := range []struct {
		name   string
		err    error
		stream bool
		calls  int
		took   time.Duration
		says   string
	}{
		{"ends Run after five attempts", errBoom, false, 5, 1500 * time.Millisecond, "pipeline: fetch failed 5 times: boom"},
		{"ends Run at once if Permanent", ergon.Permanent(errBoom), false, 1, 0, "pipeline: fetch: boom"},
		{"ends Run at once if Business", ergon.Business(errBoom), false, 1, 0, "pipeline: fetch: boom"},
		{"ends Run at once if Fatal", ergon.Fatal(errBoom), false, 1, 0, "pipeline: fetch: boom"},
		{"ends Stream at once if Permanent", ergon.Permanent(errBoom), true, 1, 0, "pipeline: fetch: boom"},
		{"is asked again after as long as it says", ergon.RetryAfter(time.Minute, errBoom), false, 5, 4 * time.Minute, "pipeline: fetch failed 5 times: boom"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, began := tell(1), time.Now()
			source.onFetch = func(context.Context, int, int) ([]ergon.Transaction[int], error) { return nil, tc.err }
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Fetch: retry.Policy{Jitter: retry.NoJitter}})).To(&shelf[int]{})
			run := p.Run
			if tc.stream {
				run = p.Stream
			}
			err := run(t.Context())
			is.True(errors.Is(err, errBoom))
			is.Equal(err.Error(), tc.says)
			is.Equal([]any{len(source.asked), time.Since(began)}, []any{tc.calls, tc.took})
		})
	}
}

// Whatever a source answers at once, for a day: nowhere is there a hot loop.
func TestI18NoSourceIsAskedInAHotLoop(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fetch func() ([]ergon.Transaction[int], error)
		most  int // calls in a day
	}{
		{"errors", func() ([]ergon.Transaction[int], error) { return nil, errBoom }, 24*60*2 + 20},
		{"nothing", func() ([]ergon.Transaction[int], error) { return nil, nil }, 24*60*60 + 20},
		{"an empty slice", func() ([]ergon.Transaction[int], error) { return []ergon.Transaction[int]{}, nil }, 24*60*60 + 20},
		{"a panic", func() ([]ergon.Transaction[int], error) { panic("fetch") }, 24*60*2 + 20},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := tell(0)
			source.onFetch = func(_ context.Context, call, _ int) ([]ergon.Transaction[int], error) {
				if call > tc.most {
					return nil, ergon.Fatal(errors.New("a hot loop"))
				}
				return tc.fetch()
			}
			ctx, stop := context.WithTimeout(t.Context(), 24*time.Hour)
			defer stop()
			policy := pipeline.Policy{Fetch: retry.Policy{Jitter: retry.NoJitter}}
			is.NoErr(pipeline.From(source, pipeline.With(policy)).To(&shelf[int]{}).Stream(ctx)) // being told to stop is no error
			is.True(len(source.asked) <= tc.most)
			is.True(len(source.asked) > tc.most/2) // but it is asked
		})
	}
}

func TestAFetchIsGivenUpWithinTheTimeOfItsPolicy(t *testing.T) {
	inBubble(t, "ten seconds in a stream", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(1), time.Now()
		source.onFetch = func(context.Context, int, int) ([]ergon.Transaction[int], error) { return nil, errBoom }
		policy := pipeline.Policy{Fetch: retry.Policy{Within: 10 * time.Second, Backoff: 3 * time.Second, BackoffMultiplier: 1, Jitter: retry.NoJitter}}
		err := pipeline.From(source, pipeline.With(policy)).To(&shelf[int]{}).Stream(t.Context())
		is.True(errors.Is(err, errBoom))
		is.Equal([]any{len(source.asked), time.Since(began)}, []any{4, 9 * time.Second}) // no wait that would outlast it
	})
}

func TestI20TransactionsThatComeWithAnErrorCount(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want error
	}{
		{"the end", io.EOF, nil},
		{"the end, wrapped", fmt.Errorf("file: %w", io.EOF), nil},
		{"an error that passes", errBoom, nil},
		{"an error that stays", ergon.Permanent(errBoom), errBoom},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := tell(3)
			source.onFetch = func(_ context.Context, call, _ int) ([]ergon.Transaction[int], error) {
				txs, err := source.hand(3)
				if call == 1 {
					err = tc.err
				}
				return txs, err
			}
			p := pipeline.From(source).To(&shelf[int]{})
			is.True(errors.Is(p.Run(t.Context()), tc.want))
			is.Equal(source.lines(), []string{"t:0 acked", "t:1 acked", "t:2 acked"})
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 3})
		})
	}
}

func TestI20AFetchThatReturnsAfterTheStopLosesNothing(t *testing.T) {
	for _, tc := range []struct {
		name string
		late time.Duration // after the stop
		told string
	}{
		{"within the drain", 5 * time.Second, "t:0 acked"},
		{"after the drain", 15 * time.Second, "t:0 released"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := tell(1)
			source.onFetch = func(ctx context.Context, _, _ int) ([]ergon.Transaction[int], error) {
				<-ctx.Done()
				time.Sleep(tc.late)
				return source.hand(1)
			}
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Drain: 10 * time.Second, Grace: 10 * time.Second})).Map(same).To(&shelf[int]{})
			_ = p.Stream(ctx)
			is.Equal(source.lines(), []string{tc.told})
		})
	}
}

func TestInputFetchedTransactionsWithoutAnIDGetOne(t *testing.T) {
	inBubble(t, "three of them", func(t *testing.T) {
		is := is.New(t)
		source, store, seen := tell(3), &shelf[int]{}, &violations{}
		for i := range source.waiting {
			source.waiting[i] = source.waiting[i].WithID("")
		}
		p := pipeline.From(source, pipeline.Named("orders"), pipeline.Observe(seen)).To(store)
		is.NoErr(p.Run(t.Context()))
		ids := store.ids()
		is.Equal(len(slices.Compact(ids)), 3) // unique
		for i, one := range source.told {
			is.True(strings.HasPrefix(ids[i], "orders-"))
			is.Equal(one.Transaction.Receipt(), one.Transaction.Payload()) // settled by its receipt
		}
		is.Equal(len(seen.errs), 3)
	})
}

func TestInputTheSameReceiptTwiceInOneFetchCountsOnce(t *testing.T) {
	inBubble(t, "receipts", func(t *testing.T) {
		is := is.New(t)
		type slip struct{ any }
		source, store, seen := tell(6), &shelf[int]{}, &violations{}
		for i, receipt := range []any{"a", "a", slip{1}, slip{1}, slip{[]int{1}}, slip{[]int{1}}} { // the last two cannot be compared
			source.waiting[i] = source.waiting[i].WithReceipt(receipt)
		}
		source.onSettle = func(_ context.Context, _ int, all []ergon.Settlement[int]) error {
			for i := range all {
				all[i].Transaction = all[i].Transaction.WithReceipt(all[i].Transaction.ID())
			}
			return nil
		}
		p := pipeline.From(source, pipeline.Observe(seen)).To(store)
		is.NoErr(p.Run(t.Context()))
		is.Equal(store.ids(), []string{"t:0", "t:2", "t:4", "t:5"})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 4, Succeeded: 4})
		is.Equal(len(seen.errs), 2)
	})
}

// The key of settling is the receipt: one id may be in flight twice.
func TestInputTheSameIDTwiceIsSettledTwice(t *testing.T) {
	inBubble(t, "ids", func(t *testing.T) {
		is := is.New(t)
		source := tell(2)
		for i := range source.waiting {
			source.waiting[i] = source.waiting[i].WithID("same")
		}
		p := pipeline.From(source).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(source.lines(), []string{"same acked", "same acked"})
	})
}
