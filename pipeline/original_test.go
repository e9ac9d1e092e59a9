package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// The faults of the framework's first life, in its order, each a promise here.

func TestOriginal1ALimitTakesNeitherMoreNorLess(t *testing.T) {
	for _, tc := range []struct {
		limit int64
		asked []int
	}{{15, []int{10, 5}}, {3, []int{3}}} {
		inBubble(t, fmt.Sprint("limit ", tc.limit), func(t *testing.T) {
			is := is.New(t)
			source, store := tell(50), &shelf[int]{}
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Limit: tc.limit, FetchBatch: 10})).To(store)
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.asked, tc.asked)
			is.Equal(int64(len(store.txs)), tc.limit)
			is.Equal(int64(len(source.waiting)), 50-tc.limit) // the rest is still there
		})
	}
}

func TestOriginal2NoLimitIsNoLimitAndNotNothing(t *testing.T) {
	for _, stream := range []bool{false, true} {
		inBubble(t, fmt.Sprint("stream ", stream), func(t *testing.T) {
			is := is.New(t)
			source, store := tell(50), &shelf[int]{}
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Limit: 0})).To(store)
			run := p.Run
			if stream {
				run = p.Stream
			}
			is.NoErr(run(t.Context()))
			is.Equal(len(store.txs), 50)
			is.Equal(len(source.told), 50)
		})
	}
}

// slow works for a second, unless its context ends before.
func slow(ctx context.Context, v int) (int, error) {
	select {
	case <-time.After(time.Second):
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func TestOriginal3TimeoutsOfAnAttemptAndOfARunTakeEffect(t *testing.T) {
	short := 200 * time.Millisecond
	inBubble(t, "an attempt", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(1), time.Now()
		p := pipeline.From(source, pipeline.With(steadily())).
			Map(slow, stage.Retry(retry.Policy{MaxAttempts: 1, AttemptTimeout: short})).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(time.Since(began), short)
		is.Equal(source.lines(), []string{"t:0 returned 1s: pipeline: the attempt took too long: context deadline exceeded"})
	})
	inBubble(t, "a run", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(1000), time.Now()
		p := pipeline.From(source, pipeline.With(pipeline.Policy{RunTimeout: short, InFlight: 1})).Map(slow).To(&shelf[int]{})
		is.True(errors.Is(p.Run(t.Context()), pipeline.ErrRunTimeout))
		is.Equal(time.Since(began), time.Second) // what was in flight has come to its end
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Succeeded: 1})
	})
}

func TestOriginal4ATransactionThatTakesTooLongIsAFailureAndNeverASuccess(t *testing.T) {
	inBubble(t, "a budget of half a second", func(t *testing.T) {
		is := is.New(t)
		source, store := tell(1), &shelf[int]{}
		var failures, successes []string
		p := pipeline.From(source, pipeline.With(pipeline.Policy{TransactionTimeout: 500 * time.Millisecond})).Map(slow).
			OnError(func(_ context.Context, f ergon.Failure[int]) error {
				failures = append(failures, fmt.Sprint(f.Transaction.ID(), " ", f.Category))
				return nil
			}).
			OnSuccess(func(_ context.Context, tx ergon.Transaction[int]) error {
				successes = append(successes, tx.ID())
				return nil
			}).To(store)
		is.NoErr(p.Run(t.Context()))
		time.Sleep(time.Hour)
		is.Equal(failures, []string{"t:0 timeout"})
		is.Equal(len(successes), 0)
		is.Equal(len(store.txs), 0)
	})
}

func TestOriginal5AStreamHearsThatItIsToStop(t *testing.T) {
	inBubble(t, "after an hour of nothing", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(0), time.Now()
		source.onFetch = func(ctx context.Context, _, _ int) ([]ergon.Transaction[int], error) {
			<-ctx.Done() // a source that waits until there is something
			return nil, ctx.Err()
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Hour, stop)
		is.NoErr(pipeline.From(source).To(&shelf[int]{}).Stream(ctx))
		is.Equal(time.Since(began), time.Hour)
	})
}

func TestOriginal6AStopLetsWhatIsInFlightComeToItsEnd(t *testing.T) {
	for _, stream := range []bool{false, true} {
		inBubble(t, fmt.Sprint("stream ", stream), func(t *testing.T) {
			is := is.New(t)
			source := tell(100)
			var failures, successes []string
			p := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 2})).
				Map(func(ctx context.Context, v int) (int, error) {
					if v == 0 {
						time.Sleep(time.Second)
						return 0, ergon.Business(errBoom)
					}
					return slow(ctx, v)
				}, stage.Workers(2)).
				OnError(func(_ context.Context, f ergon.Failure[int]) error {
					failures = append(failures, f.Transaction.ID())
					return nil
				}).
				OnSuccess(func(_ context.Context, tx ergon.Transaction[int]) error {
					successes = append(successes, tx.ID())
					return nil
				}).To(&shelf[int]{})
			ctx, stop := context.WithCancel(t.Context())
			time.AfterFunc(500*time.Millisecond, stop)
			run := p.Run
			if stream {
				run = p.Stream
			}
			is.NoErr(run(ctx))
			is.Equal([][]string{failures, successes}, [][]string{{"t:0"}, {"t:1"}})
			is.Equal(source.lines(), []string{"t:0 dead-lettered: boom", "t:1 acked"})
		})
	}
}

func TestOriginal7WaitsGrowToTheirCapAndBusinessIsNotTriedAgain(t *testing.T) {
	inBubble(t, "a policy of which only the base and the cap are set", func(t *testing.T) {
		is := is.New(t)
		var waits []time.Duration
		policy := retry.Policy{MaxAttempts: 7, Backoff: time.Second, BackoffCap: 10 * time.Second, Jitter: retry.NoJitter}
		p := pipeline.From(tell(1)).Map(failing(0, errBoom), stage.Retry(policy)).
			OnError(func(_ context.Context, f ergon.Failure[int]) error {
				for _, a := range f.Attempts[1:] {
					waits = append(waits, a.Wait/time.Second)
				}
				return nil
			}).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(waits, []time.Duration{1, 2, 4, 8, 10, 10})
	})
	inBubble(t, "a business error", func(t *testing.T) {
		is := is.New(t)
		calls := 0
		p := pipeline.From(tell(1)).Map(func(context.Context, int) (int, error) {
			calls++
			return 0, ergon.Business(errBoom)
		}, stage.Retry(exactly(3))).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(calls, 1)
	})
	inBubble(t, "the time of a run counts in a stream too", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(0), time.Now()
		source.onFetch = func(context.Context, int, int) ([]ergon.Transaction[int], error) { return nil, nil }
		p := pipeline.From(source, pipeline.With(pipeline.Policy{RunTimeout: time.Minute})).To(&shelf[int]{})
		is.True(errors.Is(p.Stream(t.Context()), pipeline.ErrRunTimeout))
		is.Equal(time.Since(began), time.Minute)
	})
}

func TestOriginal8AHandlerThatFailsIsSeenByTheSourceAndTheObservers(t *testing.T) {
	inBubble(t, "OnError", func(t *testing.T) {
		is := is.New(t)
		source, seen := tell(1), &handlerErrors{}
		mail := errors.New("mail")
		p := pipeline.From(source, pipeline.Observe(seen)).Map(failing(0, ergon.Business(errBoom))).
			OnError(saying(mail), stage.Retry(exactly(2))).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(seen.errs, []error{mail, mail})
		is.True(errors.Is(source.told[0].Cause, errBoom) && errors.Is(source.told[0].Cause, mail))
		is.Equal(p.Ledger().Returned, int64(1)) // and neither acked nor set aside
	})
}

// handlerErrors is an observer of what OnError returned.
type handlerErrors struct{ errs []error }

func (h *handlerErrors) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }

func (h *handlerErrors) End(_ context.Context, e *ergon.Event) {
	if e.Kind == ergon.KindHandler {
		h.errs = append(h.errs, e.Err)
	}
}

// lived is a source that notes that it was started and stopped.
type lived struct {
	*teller
	notes []string
}

func (l *lived) Start(context.Context) error { l.notes = append(l.notes, "start"); return nil }
func (l *lived) Stop(context.Context) error  { l.notes = append(l.notes, "stop"); return nil }

func TestOriginal9WhatARunStartsItStopsAndWhatAPolicySaysIsDone(t *testing.T) {
	for _, err := range []error{nil, ergon.Fatal(errBoom)} {
		inBubble(t, fmt.Sprint("a run that ends with ", err), func(t *testing.T) {
			is := is.New(t)
			source := &lived{teller: tell(1)}
			is.Equal(pipeline.From(source).Map(failing(0, err)).To(&shelf[int]{}).Run(t.Context()) != nil, err != nil)
			is.Equal(source.notes, []string{"start", "stop"})
		})
	}
	inBubble(t, "a field that would do nothing is refused", func(t *testing.T) {
		is := is.New(t)
		for _, stages := range []map[string]stage.Policy{{"prize": {Workers: 2}}, {"price": {Batch: 2}}, {"price": {Within: time.Second}}} {
			is.True(errors.Is(with(pipeline.Policy{Stages: stages}).Validate(), ergon.ErrConfig))
		}
	})
}

func TestOriginal10WhatTookTooLongIsCountedAsAFailure(t *testing.T) {
	once := stage.Retry(retry.Policy{MaxAttempts: 1, AttemptTimeout: 100 * time.Millisecond})
	for _, tc := range []struct {
		name  string
		build func(flow) flow
		store func(context.Context, int, []ergon.Transaction[int]) error
		stage string
	}{
		{"a stage", func(f flow) flow { return f.Map(slow, once) }, nil, "map"},
		{"a sink", func(f flow) flow { return f }, func(ctx context.Context, _ int, _ []ergon.Transaction[int]) error { _, err := slow(ctx, 0); return err }, "sink"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			var failures []string
			p := tc.build(pipeline.From(tell(1))).OnError(func(_ context.Context, f ergon.Failure[int]) error {
				failures = append(failures, fmt.Sprint(f.Stage, " ", f.Category))
				return nil
			}).To(&shelf[int]{onDispatch: tc.store}, once)
			is.NoErr(p.Run(t.Context()))
			is.Equal(failures, []string{tc.stage + " timeout"})
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Returned: 1})
		})
	}
}
