package pipeline_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// returning accepts everything but dead letters.
type returning struct{ *ergontest.Source[int] }

func (returning) Accepts() ergon.Verdicts {
	return ergon.VerdictSet(ergon.Acked, ergon.Released, ergon.Returned)
}

// What a run could not settle stays in the source's count, and must not keep the
// run waiting for it.
func TestARunEndsAlthoughItsSourceStillCountsWhatItCouldNotSettle(t *testing.T) {
	is := is.New(t)
	src := returning{ergontest.NewSource(1, 2, 3)}
	result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From[int](src).Map(func(_ context.Context, n int) (int, error) {
			if n == 2 {
				return 0, ergon.Business(errors.New("bad"))
			}
			return n, nil
		}).To(&ergontest.Sink[int]{})
	}, ergontest.Fails())
	unhandled, ok := errors.AsType[*pipeline.UnhandledError](result.Err)
	is.True(ok)
	is.Equal(unhandled.Count, int64(1))
	is.Equal(result.Ledger.Succeeded, int64(2))
	is.True(result.Took < time.Minute)
}

// uncountable has nothing, and cannot say so.
type uncountable struct{}

func (uncountable) Fetch(context.Context, int) ([]ergon.Transaction[int], error) { return nil, nil }
func (uncountable) Count(context.Context) (int, error)                           { return 0, errors.New("no connection") }

func TestACountThatKeepsFailingEndsTheRun(t *testing.T) {
	is := is.New(t)
	result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From[int](uncountable{}).To(sink.Discard[int]())
	}, ergontest.Fails())
	is.Equal(result.Err.Error(), "pipeline: count failed 5 times: no connection")
}

// A batch of one is no batch: nothing further down waits for its time because of it.
func TestBatchesOfOneLeaveTheOthersAlone(t *testing.T) {
	bulk := func(_ context.Context, all []int) ([]int, error) { return all, nil }
	long := stage.Batch(10, time.Hour)
	for name, build := range map[string]func() pipeline.Pipeline{
		"MapBatch": func() pipeline.Pipeline {
			return pipeline.From(source.Slice([]int{1, 2, 3})).MapBatch(1, 0, bulk).To(sink.Discard[int](), long)
		},
		"Group": func() pipeline.Pipeline {
			return pipeline.From(source.Slice([]int{1, 2, 3})).Group(1, 0).To(sink.Discard[[]int](), long)
		},
		"Group above Group": func() pipeline.Pipeline {
			return pipeline.From(source.Slice([]int{1, 2, 3})).Group(1, 0).Group(2, time.Hour).To(sink.Discard[[][]int]())
		},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(ergontest.Run(t, func(*testing.T) pipeline.Pipeline { return build() }).Took, time.Duration(0))
		})
	}
}

// A lease that is lost while a group waits for room changes nothing for its
// members any more: they are the group's.
func TestALeaseLostWhileItsGroupIsHandedOnEndsNothingTwice(t *testing.T) {
	is := is.New(t)
	src := ergontest.NewSource(1, 2, 3, 4, 5, 6, 7)
	leased := src.Leased(10 * time.Second)
	refused := false
	src.OnExtend = func(_ context.Context, _ int, txs []ergon.Transaction[int]) error {
		errs := make(ergon.ItemErrors, len(txs))
		for i, tx := range txs {
			if tx.Payload() == 5 && !refused {
				errs[i], refused = ergon.ErrLeaseLost, true
			}
		}
		return errs
	}
	result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		slow := 0
		return pipeline.From(leased, pipeline.With(pipeline.Policy{FetchBatch: 6, Limit: 7})).
			Group(2, time.Hour).
			Map(func(_ context.Context, all []int) ([]int, error) {
				if slow++; slow <= 2 {
					time.Sleep(8 * time.Second)
				}
				return all, nil
			}, stage.Buffer(1)).
			To(sink.Discard[[]int](), stage.Batch(10, 3*time.Hour))
	})
	is.True(refused)
	is.True(result.Took < time.Hour)
}

// A FlatMap above KeyBy hands on as it yields: its sequence need not fit in memory.
func TestAFlatMapAboveKeyByIsHeldBackByItsSink(t *testing.T) {
	is := is.New(t)
	const children = 10_000
	var yielded atomic.Int64
	ahead, stored := 0, 0
	count := func(context.Context, int) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for i := range children {
				yielded.Add(1)
				if !yield(i, nil) {
					return
				}
			}
		}
	}
	result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(source.Slice([]int{1})).FlatMap(count).
			KeyBy(func(tx ergon.Transaction[int]) string { return tx.ID() }).
			To(sink.Func(func(_ context.Context, txs []ergon.Transaction[int]) error {
				ahead = max(ahead, int(yielded.Load())-stored)
				stored += len(txs)
				return nil
			}))
	})
	is.Equal(stored, children)
	is.True(ahead < 2500)
	is.Equal(result.Ledger.Succeeded, int64(1))
}

// A retry policy from outside is as good as one in code.
func TestARetryOfThePolicyAloneRetries(t *testing.T) {
	is := is.New(t)
	calls := 0
	ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(source.Slice([]int{1}), pipeline.With(pipeline.Policy{
			Stages: map[string]stage.Policy{"m": {Retry: retry.Policy{Backoff: time.Second}}},
		})).Map(func(context.Context, int) (int, error) {
			calls++
			return 0, errors.New("again")
		}, stage.Named("m")).To(sink.Discard[int]())
	}, ergontest.Fails())
	is.Equal(calls, 3)
}

// What has no effect is refused, not ignored.
func TestSettingsWithoutEffectAreFaults(t *testing.T) {
	key := func(tx ergon.Transaction[int]) string { return tx.ID() }
	seen := func(context.Context, ergon.Failure[int]) error { return nil }
	from := func(o ...pipeline.Option) pipeline.Flow[int, int] { return pipeline.From(source.Slice([]int{1}), o...) }
	for name, p := range map[string]pipeline.Pipeline{
		"workers of a Group": from().Group(2, 0, stage.Workers(2)).To(sink.Discard[[]int]()),
		"workers of KeyBy":   from().KeyBy(key, stage.Workers(2)).To(sink.Discard[int]()),
		"buffer of OnError":  from().OnError(seen, stage.Buffer(2)).To(sink.Discard[int]()),
		"attempts of Redelivery": from(pipeline.With(pipeline.Policy{Redelivery: retry.Policy{MaxAttempts: 2}})).
			To(sink.Discard[int]()),
		"no name": from(pipeline.Named("")).To(sink.Discard[int]()),
	} {
		t.Run(name, func(t *testing.T) {
			is.New(t).True(errors.Is(p.Validate(), ergon.ErrConfig))
		})
	}
}

// A context made of an attempt's says what that one says.
func TestAContextOfAnAttemptsContextEndsWithDeadlineExceeded(t *testing.T) {
	is := is.New(t)
	var err, cause error
	ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(ergontest.NewSource(1)).Map(func(ctx context.Context, n int) (int, error) {
			inner, cancel := context.WithCancel(ctx)
			defer cancel()
			<-inner.Done()
			err, cause = inner.Err(), context.Cause(inner)
			return n, nil
		}).To(sink.Discard[int]())
	})
	is.Equal(err, context.DeadlineExceeded)
	is.Equal(cause, pipeline.ErrAttemptTimeout)
}
