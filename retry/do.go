package retry

import (
	"context"
	"errors"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
)

// Do calls fn until it succeeds, and returns its result. It blocks, waits
// included, until there is a result, fn says that trying again is no use, the
// policy is used up or ctx ends; the package comment says how each is returned.
// With an error the result is the zero value. A policy that is not valid, a nil
// fn and a nil ctx are errors, before anything is called; so is a ctx that has
// ended already.
//
// The context that fn gets ends with ctx, with the attempt's timeout and with
// the policy's Within, whichever is first, and when fn returns.
func Do[T any](ctx context.Context, p Policy, fn func(context.Context) (T, error)) (T, error) {
	var none T
	if err := errors.Join(p.Validate(), missing("ctx", ctx == nil), missing("fn", fn == nil)); err != nil {
		return none, err
	}
	c := newCall(ctx, p)
	for {
		if err := c.over(ctx, 0); err != nil {
			return none, err
		}
		result, err := attempt(ctx, c, fn)
		if err == nil {
			return result, nil
		}
		if err := c.next(ctx, err); err != nil {
			return none, err
		}
		pause(ctx, c.lab, c.now.Wait)
	}
}

// Wrap returns fn as a function that tries again by itself, each call as in Do:
// for a stage of a pipeline, or anywhere else. It may be called concurrently
// where fn may.
func Wrap[In, Out any](p Policy, fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	if fn == nil {
		return func(ctx context.Context, _ In) (Out, error) { return Do[Out](ctx, p, nil) }
	}
	return func(ctx context.Context, in In) (Out, error) {
		return Do(ctx, p, func(ctx context.Context) (Out, error) { return fn(ctx, in) })
	}
}

// attempt calls fn once and notes how that went.
func attempt[T any](ctx context.Context, c *call, fn func(context.Context) (T, error)) (T, error) {
	c.begin(time.Now())
	if deadline, bounded := c.deadline(); bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.lab.Apart(time.Until(deadline)))
		defer cancel()
	}
	result, err := fn(ctx)
	if err != nil {
		c.failed(time.Now(), err)
	}
	return result, err
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, l *lab.Lab, wait time.Duration) {
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(l.Apart(wait))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func missing(what string, is bool) error {
	if !is {
		return nil
	}
	return &ergon.ConfigError{Where: "retry.Do", Field: what, Why: "is nil"}
}
