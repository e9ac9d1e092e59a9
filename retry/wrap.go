package retry

import (
	"context"

	"github.com/ergon-go/ergon/internal/leash"
)

// Wrap returns fn as a function that tries again by itself, each call as in Do:
// for a stage of a pipeline, or anywhere else. It may be called concurrently
// where fn may.
func Wrap[In, Out any](p Policy, fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	if fn == nil {
		return func(ctx context.Context, _ In) (Out, error) { return Do[Out](ctx, p, nil) }
	}
	if p.Validate() != nil {
		return func(ctx context.Context, in In) (Out, error) {
			return Do(ctx, p, func(ctx context.Context) (Out, error) { return fn(ctx, in) })
		}
	}
	if p.attemptLimit() == 0 {
		return untimed(p, fn)
	}
	return timed(p, fn)
}

func untimed[In, Out any](p Policy, fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	peg := new(leash.Peg)
	return func(ctx context.Context, in In) (result Out, err error) {
		if ctx == nil || ctx.Err() != nil {
			if _, err := begin(ctx, p, false); err != nil {
				return result, err
			}
		}
		start := peg.Start(ctx)
		if result, err = fn(ctx, in); err == nil {
			return result, nil
		}
		return again(ctx, p, start, err, func(ctx context.Context) (Out, error) { return fn(ctx, in) })
	}
}

func timed[In, Out any](p Policy, fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	peg, limit := new(leash.Peg), p.attemptLimit()
	return func(ctx context.Context, in In) (result Out, err error) {
		if ctx == nil || ctx.Err() != nil {
			if _, err := begin(ctx, p, false); err != nil {
				return result, err
			}
		}
		l := peg.Begin(ctx, limit)
		defer l.End()
		if result, err = fn(l, in); err == nil {
			return result, nil
		}
		l.Cut()
		return again(ctx, p, l.Start(), err, func(ctx context.Context) (Out, error) { return fn(ctx, in) })
	}
}
