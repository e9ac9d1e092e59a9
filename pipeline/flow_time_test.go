package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// once is a policy under which nothing comes a second time.
func once(n int64) pipeline.Option { return pipeline.With(pipeline.Policy{Limit: n}) }

// An attempt's context ends with a cause of its own, and says so as a context
// with a deadline does.
func TestAnAttemptThatTakesTooLongIsToldSo(t *testing.T) {
	rows := []struct {
		name   string
		policy retry.Policy
		after  time.Duration
	}{
		{"unless set", retry.Policy{MaxAttempts: 1}, time.Minute},
		{"AttemptTimeout", retry.Policy{MaxAttempts: 1, AttemptTimeout: time.Second}, time.Second},
		{"Within bounds the first attempt", retry.Policy{MaxAttempts: 1, Within: 2 * time.Second}, 2 * time.Second},
		{"Within bounds what it leaves for the second", retry.Policy{
			MaxAttempts: 2, AttemptTimeout: 5 * time.Second, Within: 8 * time.Second, Backoff: time.Second, Jitter: retry.NoJitter,
		}, 8 * time.Second},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			source, began := ergontest.NewSource(0), time.Now()
			var failure ergon.Failure[int]
			p := pipeline.From(source, once(1)).Map(func(ctx context.Context, v int) (int, error) {
				_, hasDeadline := ctx.Deadline()
				is.True(hasDeadline)
				<-ctx.Done()
				is.Equal(context.Cause(ctx), pipeline.ErrAttemptTimeout)
				is.Equal(ctx.Err(), context.DeadlineExceeded)
				return 0, ctx.Err()
			}, stage.Retry(row.policy)).OnError(func(_ context.Context, f ergon.Failure[int]) error { failure = f; return nil }).
				To(&ergontest.Sink[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(time.Since(began), row.after)
			is.Equal(failure.Category, ergon.CategoryTimeout)
			is.Equal(failure.Verdict, ergon.Returned)
			is.Equal(len(failure.Attempts), row.policy.MaxAttempts)
		})
	}
}

// A result that comes late, without an error, counts; and nothing is begun beside
// a call that ignores its context.
func TestI13_ADeafAttemptIsAloneAndItsLateResultCounts(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		to, calls := &ergontest.Sink[int]{}, 0
		p := pipeline.From(ergontest.NewSource(0), once(1)).Map(func(_ context.Context, v int) (int, error) {
			calls++
			time.Sleep(time.Hour)
			return v + 1, nil
		}, stage.Workers(4), stage.Retry(retry.Policy{MaxAttempts: 5, AttemptTimeout: time.Second})).To(to)
		is.NoErr(p.Run(t.Context()))
		is.Equal(calls, 1)
		is.Equal(to.Payloads(), []int{1})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Succeeded: 1})
	})
}

// The time of a transaction bounds attempts, waits and holds, and no attempt
// begins after it.
func TestNoAttemptBeginsAfterTheTimeOfTheTransaction(t *testing.T) {
	rows := []struct {
		name  string
		calls int
		took  time.Duration
		opts  []stage.Option
		fn    func(ctx context.Context) error
		cause error
	}{
		{"an attempt ends with it", 1, 10 * time.Second, nil,
			func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, context.DeadlineExceeded},
		{"no wait is begun that outlasts it", 3, 2 * time.Second, []stage.Option{stage.Retry(oneSecond(9))},
			func(context.Context) error { return errAfter(3, 20*time.Second) }, errNotNow},
		{"no hold", 1, 0, nil, func(context.Context) error { return ergon.Hold(time.Minute, errNotNow) }, errNotNow},
		{"the limiter took all of it", 0, 20 * time.Second, []stage.Option{stage.Limit(limiter(func(context.Context) error {
			time.Sleep(20 * time.Second)
			return nil
		}))}, func(context.Context) error { return nil }, pipeline.ErrTransactionTimeout},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			source, calls, began := ergontest.NewSource(0), 0, time.Now()
			counted = 0
			var category ergon.Category
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Limit: 1, TransactionTimeout: 10 * time.Second})).
				Map(func(ctx context.Context, v int) (int, error) { calls++; return v, row.fn(ctx) }, row.opts...).
				OnError(func(_ context.Context, f ergon.Failure[int]) error { category = f.Category; return nil }).
				To(&ergontest.Sink[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(calls, row.calls)
			is.Equal(time.Since(began), row.took)
			is.True(errors.Is(source.Settlements()[0].Cause, row.cause))
			is.Equal(source.Settlements()[0].Verdict, ergon.Returned)
			is.Equal(category == ergon.CategoryTimeout, row.calls < 2)
		})
	}
}

var (
	errNotNow = errors.New("not now")
	counted   int
)

// errAfter fails plainly, and from the nth call on asks for a wait.
func errAfter(n int, wait time.Duration) error {
	if counted++; counted >= n {
		return ergon.RetryAfter(wait, errNotNow)
	}
	return errNotNow
}

// What is handed over to the sink is beyond the time of its transaction.
func TestTheTimeOfATransactionEndsAtTheSink(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		to := &ergontest.Sink[int]{}
		down := time.Now().Add(time.Hour)
		to.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error {
			if time.Now().Before(down) {
				return errNotNow
			}
			return nil
		}
		p := pipeline.From(ergontest.NewSource(0), pipeline.With(pipeline.Policy{TransactionTimeout: 10 * time.Second})).To(to)
		is.NoErr(p.Run(t.Context()))
		is.Equal(to.Payloads(), []int{0})
	})
}

// One that waits an hour for its retry holds no worker: with only one, all
// others pass meanwhile.
func TestAWaitForARetryHoldsNoWorker(t *testing.T) {
	for _, name := range []string{"unordered", "keyed", "at the sink"} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			began, to := time.Now(), &ergontest.Sink[int]{}
			failed := false
			work := func(v int) error {
				if v == 0 && !failed {
					failed = true
					return ergon.RetryAfter(time.Hour, errNotNow)
				}
				return nil
			}
			f := pipeline.From(ergontest.NewSource(0, 1, 2, 3))
			if name == "keyed" {
				f = f.KeyBy(func(tx ergon.Transaction[int]) string { return tx.ID() })
			}
			if name == "at the sink" {
				to.OnDispatch = func(_ context.Context, _ int, txs []ergon.Transaction[int]) error { return work(txs[0].Payload()) }
			} else {
				f = f.Map(func(_ context.Context, v int) (int, error) { return v, work(v) }, stage.Retry(oneSecond(2)))
			}
			is.NoErr(f.To(to).Run(t.Context()))
			is.Equal(to.Payloads(), []int{1, 2, 3, 0})
			is.Equal(time.Since(began), time.Hour)
			batches := to.Batches()
			i := slices.IndexFunc(batches, func(b ergontest.Batch[int]) bool { return b.Transactions[0].Payload() == 3 })
			is.True(batches[i].At.Sub(began) < time.Second)
		})
	}
}
