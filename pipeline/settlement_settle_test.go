package pipeline_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

type settling = func(ctx context.Context, call int, all []ergon.Settlement[int]) error

// onFirst answers the first Settle with err, and stores all others.
func onFirst(err error) settling {
	return func(_ context.Context, call int, _ []ergon.Settlement[int]) error {
		if call == 1 {
			return err
		}
		return nil
	}
}

func TestI6AFailedAckIsTriedAgain(t *testing.T) {
	for _, tc := range []struct {
		name   string
		settle settling
		calls  int
		twice  []string
	}{
		{"it fails as a whole", onFirst(errBoom), 2, nil},
		{"one of three fails", onFirst(ergon.ItemErrors{nil, errBoom, nil}), 2, nil},
		{"the report is too short", onFirst(ergon.ItemErrors{nil}), 2, nil},
		{"it is asked to wait", onFirst(ergon.RetryAfter(10*time.Second, errBoom)), 2, nil},
		{"it holds", onFirst(ergon.Hold(10*time.Second, errBoom)), 2, nil},
		{"it steers as only stages may", onFirst(ergon.Drop("no")), 2, nil},
		{"it would stop the run", onFirst(ergon.Fatal(errBoom)), 2, nil},
		{"it panics", func(_ context.Context, call int, _ []ergon.Settlement[int]) error {
			if call == 1 {
				panic("settle")
			}
			return nil
		}, 2, nil},
		{"it takes too long", func(ctx context.Context, call int, _ []ergon.Settlement[int]) error {
			if call == 1 {
				<-ctx.Done()
			}
			return ctx.Err()
		}, 2, nil},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := tell(3)
			source.onSettle = tc.settle
			policy := steadily()
			policy.Settle = retry.Policy{AttemptTimeout: 5 * time.Second, Jitter: retry.NoJitter}
			p := pipeline.From(source, pipeline.With(policy)).Group[[]int](3, time.Second).To(&shelf[[]int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{"t:0 acked", "t:1 acked", "t:2 acked"})
			is.Equal(source.twice, tc.twice)
			is.Equal(p.Ledger().Succeeded, int64(3)) // processing has not failed
			is.Equal(p.Ledger().Unsettled, int64(0))
			is.True(source.calls <= 4)
		})
	}
}

// The source has stored what it was told, and its answer was lost: it is told
// the same once more, and nothing else.
func TestI6AnAckWhoseAnswerWasLostIsRepeatedAsItWas(t *testing.T) {
	inBubble(t, "reply lost", func(t *testing.T) {
		is := is.New(t)
		source := tell(1)
		source.onSettle = func(_ context.Context, call int, all []ergon.Settlement[int]) error {
			if call == 1 {
				source.store(all[0])
				return errBoom
			}
			return nil
		}
		p := pipeline.From(source).Map(failing(0, ergon.Return(time.Minute, errBoom))).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(source.lines(), []string{"t:0 returned 1m0s: boom"})
		is.Equal(source.twice, []string{"t:0"})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Returned: 1, Retries: 1})
	})
}

func TestI6ASourceThatCannotBeToldIsReported(t *testing.T) {
	for _, tc := range []struct {
		name  string
		err   error
		calls int
		took  time.Duration
	}{
		{"within the time of the policy", errBoom, 5, 4 * time.Second},
		{"at once where trying again is no use", ergon.Permanent(errBoom), 1, 0},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, began := tell(1), time.Now()
			source.onSettle = func(context.Context, int, []ergon.Settlement[int]) error { return tc.err }
			store := &shelf[int]{}
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Settle: exactly(5)})).To(store)
			err := p.Run(t.Context())
			var unsettled *pipeline.UnsettledError
			is.True(errors.As(err, &unsettled))
			is.Equal(unsettled.Count, int64(1))
			is.True(errors.Is(err, errBoom))
			is.Equal(source.calls, tc.calls)
			is.Equal(time.Since(began), tc.took)
			is.Equal(p.Ledger().Unsettled, int64(1))
			is.Equal(store.ids(), []string{"t:0"}) // it was processed once all the same
		})
	}
}

// While Settle takes an hour, workers go on until everything that may be in
// flight waits for it; then it is told of all of them in one call.
func TestI6ASlowSettleBlocksNoWorkerAndIsToldManyAtOnce(t *testing.T) {
	inBubble(t, "an hour", func(t *testing.T) {
		is := is.New(t)
		source, done := tell(100), atomic.Int64{}
		source.onSettle = func(_ context.Context, call int, all []ergon.Settlement[int]) error {
			if call == 1 {
				time.Sleep(time.Hour)            // it ignores its context
				is.Equal(done.Load(), int64(20)) // all that may be in flight has been worked on
			}
			return nil
		}
		p := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 20})).Map(func(_ context.Context, v int) (int, error) {
			done.Add(1)
			return v, nil
		}).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger().Succeeded, int64(100))
		is.Equal(len(source.told), 100)
		is.Equal(source.at, 1)       // one call at a time
		is.True(source.calls <= 100) // and never more than there are
		is.True(len(source.told)-source.calls >= 18)
	})
}

func TestSettleIsCalledOnceAtATimeAlsoAfterTheDrain(t *testing.T) {
	inBubble(t, "a slow settle and a stage that is cancelled", func(t *testing.T) {
		is := is.New(t)
		source := tell(4)
		source.onSettle = func(context.Context, int, []ergon.Settlement[int]) error {
			time.Sleep(3 * time.Second)
			return nil
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		policy := pipeline.Policy{Drain: time.Second, Grace: time.Minute}
		p := pipeline.From(source, pipeline.With(policy)).Map(func(ctx context.Context, v int) (int, error) {
			if v > 0 {
				<-ctx.Done()
			}
			return v, ctx.Err()
		}, stage.Workers(3)).To(&shelf[int]{})
		err := p.Run(ctx)
		var drain *pipeline.DrainError
		is.True(errors.As(err, &drain))
		is.Equal(drain, &pipeline.DrainError{Released: 3})
		is.Equal(source.lines(), []string{"t:0 acked", "t:1 released", "t:2 released", "t:3 released"})
		is.Equal(source.at, 1)
	})
}

func TestI7SettlingOutlivesTheStopAndIsRetriedAfterIt(t *testing.T) {
	for _, tc := range []struct {
		name   string
		stage  func(context.Context, int) (int, error)
		line   string
		settle settling
	}{
		{"an ack during the drain", func(_ context.Context, v int) (int, error) { time.Sleep(5 * time.Second); return v, nil }, "t:0 acked", onFirst(errBoom)},
		{"a release after it", func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() }, "t:0 released", onFirst(errBoom)},
		{"the context of Settle has not ended", func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() }, "t:0 released",
			func(ctx context.Context, _ int, _ []ergon.Settlement[int]) error { return ctx.Err() }},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := tell(1)
			source.onSettle = tc.settle
			ctx, stop := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, stop)
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Drain: 10 * time.Second})).Map(tc.stage).To(&shelf[int]{})
			_ = p.Run(ctx)
			is.Equal(source.lines(), []string{tc.line})
			is.Equal(p.Ledger().Unsettled, int64(0))
		})
	}
}

// What the source could not be told by the end of a stop is said, though
// everything else came to its end.
func TestWhatASourceWasNotToldAtAStopIsReported(t *testing.T) {
	inBubble(t, "settle fails for good", func(t *testing.T) {
		is := is.New(t)
		source := tell(1)
		source.onSettle = func(context.Context, int, []ergon.Settlement[int]) error { return errBoom }
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		p := pipeline.From(source, pipeline.With(pipeline.Policy{Drain: 10 * time.Second, Settle: retry.Policy{Within: time.Hour}})).To(&shelf[int]{})
		err := p.Run(ctx)
		is.Equal(p.Ledger().Unsettled, int64(1))
		is.True(errors.Is(err, errBoom)) // and why
	})
}
