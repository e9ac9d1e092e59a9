package retry

import (
	"context"
	"time"

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
	w := &wrapped[In, Out]{policy: p, limit: p.attemptLimit(), fn: fn}
	if w.limit == 0 {
		return w.untimed()
	}
	return w.timed()
}

// wrapped is what a wrapped function needs. What Wrap returns captures this pointer
// alone, and leaves to methods whatever is not the call that succeeds: everything
// that has to be kept for them around that call costs about a nanosecond.
type wrapped[In, Out any] struct {
	policy Policy
	limit  time.Duration
	fn     func(context.Context, In) (Out, error)
	peg    leash.Peg
}

func (w *wrapped[In, Out]) untimed() func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (result Out, err error) {
		if ctx == nil || ctx.Err() != nil {
			return w.do(ctx, in)
		}
		start := w.peg.Start(ctx)
		if result, err = w.fn(ctx, in); err == nil {
			return result, nil
		}
		return w.again(ctx, start, err, in)
	}
}

func (w *wrapped[In, Out]) timed() func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (result Out, err error) {
		if ctx == nil || ctx.Err() != nil {
			return w.do(ctx, in)
		}
		l := w.peg.Begin(ctx, w.limit)
		defer l.End()
		if result, err = w.fn(l, in); err == nil {
			return result, nil
		}
		l.Cut()
		return w.again(ctx, l.Start(), err, in)
	}
}

// do is a call that is not to begin: Do says why.
func (w *wrapped[In, Out]) do(ctx context.Context, in In) (Out, error) {
	return Do(ctx, w.policy, func(ctx context.Context) (Out, error) { return w.fn(ctx, in) })
}

// again goes on after the first attempt has failed.
func (w *wrapped[In, Out]) again(ctx context.Context, start leash.Start, err error, in In) (Out, error) {
	return again(ctx, w.policy, start, err, func(ctx context.Context) (Out, error) { return w.fn(ctx, in) })
}
