package scenarios

import (
	"context"
	"fmt"

	"github.com/cenkalti/backoff/v4"
	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	"github.com/ergon-go/ergon/bench/internal/work"
	"github.com/ergon-go/ergon/retry"
)

// call is a function that may be wrapped.
type call func(context.Context, work.Item) (work.Item, error)

// bareCall succeeds and does as little as can be. It cannot be inlined, like a
// function that a stage is given.
//
//go:noinline
func bareCall(_ context.Context, v work.Item) (work.Item, error) {
	v.A++
	return v, nil
}

// byHand tries again, with what catches a panic around each attempt.
func byHand(fn call) call {
	attempt := func(ctx context.Context, v work.Item) (result work.Item, err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("scenarios: panic: %v", p)
			}
		}()
		return fn(ctx, v)
	}
	return func(ctx context.Context, v work.Item) (result work.Item, err error) {
		for range 3 {
			if result, err = attempt(ctx, v); err == nil {
				return result, nil
			}
		}
		return result, err
	}
}

// wrapped is retry.Wrap.
func wrapped(p retry.Policy) func(call) call {
	return func(fn call) call { return retry.Wrap(p, fn) }
}

// backedOff is github.com/cenkalti/backoff/v4.
func backedOff(fn call) call {
	return func(ctx context.Context, v work.Item) (work.Item, error) {
		return backoff.RetryWithData(func() (work.Item, error) { return fn(ctx, v) },
			backoff.WithContext(backoff.WithMaxRetries(backoff.NewExponentialBackOff(), 2), ctx))
	}
}

// failsafed is github.com/failsafe-go/failsafe-go.
func failsafed(fn call) call {
	policy := retrypolicy.NewBuilder[work.Item]().WithMaxAttempts(3).Build()
	return func(ctx context.Context, v work.Item) (work.Item, error) {
		return failsafe.With(policy).WithContext(ctx).Get(func() (work.Item, error) { return fn(ctx, v) })
	}
}
