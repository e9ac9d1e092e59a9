package retry_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon/retry"
	"github.com/matryer/is"
)

// calls returns the ways to call one function again and again.
func calls(fn func(context.Context, item) (item, error)) map[string]func(context.Context, item) (item, error) {
	return map[string]func(context.Context, item) (item, error){
		"Wrap": retry.Wrap(timed, fn),
		"Do": func(ctx context.Context, v item) (item, error) {
			return retry.Do(ctx, timed, func(ctx context.Context) (item, error) { return fn(ctx, v) })
		},
	}
}

// TestCallsInVirtualTimeAreExactWhateverWasCalledBefore calls the same function
// very often in real time, so that what calls leave to each other is there, and
// then in bubbles, whose contexts are different ones, or can be anybody's.
func TestCallsInVirtualTimeAreExactWhateverWasCalledBefore(t *testing.T) {
	waits := func(ctx context.Context, v item) (item, error) {
		if v.A == 0 {
			return v, nil
		}
		begun := time.Now()
		time.Sleep(2 * time.Second)
		if at, _ := ctx.Deadline(); at.Sub(begun) != timed.AttemptTimeout {
			t.Errorf("the attempt may take %v", at.Sub(begun))
		}
		<-ctx.Done()
		return v, ctx.Err()
	}
	for name, call := range calls(waits) {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				for range 100 {
					_, _ = call(t.Context(), item{})
					_, _ = call(context.Background(), item{})
				}
				synctest.Test(t, func(t *testing.T) {
					is := is.New(t)
					for _, ctx := range []context.Context{context.Background(), t.Context()} {
						_, err := call(ctx, item{A: 1})
						var exhausted *retry.ExhaustedError
						is.True(errors.As(err, &exhausted))
						is.Equal(exhausted.Attempts[0].Duration, timed.AttemptTimeout)
					}
				})
			}
		})
	}
}

// TestAFailureAfterManySuccesses has a function fail that has been called so often
// that nobody looks at the clock any more.
func TestAFailureAfterManySuccesses(t *testing.T) {
	is := is.New(t)
	fn := retry.Wrap(retry.Policy{MaxAttempts: 2, AttemptTimeout: time.Minute, Within: time.Hour, Backoff: 1}, func(_ context.Context, v item) (item, error) {
		if v.A == 0 {
			return v, nil
		}
		return v, errDown
	})
	for range 20 {
		for range 1000 {
			_, err := fn(t.Context(), item{})
			is.NoErr(err)
		}
		before := time.Now()
		_, err := fn(t.Context(), item{A: 1})
		after := time.Now()
		var exhausted *retry.ExhaustedError
		is.True(errors.As(err, &exhausted))
		is.Equal(exhausted.Made, 2)
		first, second := exhausted.Attempts[0], exhausted.Attempts[1]
		is.True(!first.Start.Before(before)) // never before it was
		is.True(first.Duration >= 0)
		is.True(!second.Start.Before(first.Start.Add(first.Duration)))
		is.True(!after.Before(second.Start.Add(second.Duration)))
	}
}

// TestTheContextOfAnAttemptGoesToNobodyElse has every attempt of a function that
// is called very often keep its context and look at it after the next.
func TestTheContextOfAnAttemptGoesToNobodyElse(t *testing.T) {
	for name, call := range calls(func(ctx context.Context, v item) (item, error) {
		is.New(t).NoErr(ctx.Err())
		return v, nil
	}) {
		t.Run(name, func(t *testing.T) {
			for range 5000 {
				_, err := call(t.Context(), item{})
				is.New(t).NoErr(err)
			}
		})
	}
	var kept []context.Context
	fn := retry.Wrap(timed, func(ctx context.Context, v item) (item, error) {
		kept = append(kept, ctx)
		return v, nil
	})
	for i := range 5000 {
		_, err := fn(t.Context(), item{})
		is := is.New(t)
		is.NoErr(err)
		is.Equal(kept[i].Err(), context.Canceled) // asked for the first time
		is.Equal(kept[i/2].Err(), context.Canceled)
	}
}

func TestTheContextOfAnAttemptEndsBeforeTheNextBegins(t *testing.T) {
	for _, asked := range []bool{false, true} {
		var contexts []context.Context
		for name, call := range calls(func(ctx context.Context, v item) (item, error) {
			if n := len(contexts); n > 0 && contexts[n-1].Err() == nil {
				t.Error("the context of the attempt before has not ended")
			}
			if asked {
				is.New(t).NoErr(ctx.Err())
			}
			contexts = append(contexts, ctx)
			return v, errDown
		}) {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					contexts = nil
					_, err := call(t.Context(), item{})
					is := is.New(t)
					is.True(errors.Is(err, errDown))
					is.Equal(len(contexts), 3)
				})
			})
		}
	}
}
