package retry

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/internal/leash"
)

// pegs keeps what one Do can leave to the next, of any function. No channel and no
// timer that anybody touches is among it: package leash says why whoever comes next
// may have it.
var pegs = sync.Pool{New: func() any { return new(leash.Peg) }} //nolint:gochecknoglobals // Do has nowhere else to keep it

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
	var result T
	limit, err := begin(ctx, p, fn == nil)
	if err != nil {
		return result, err
	}
	peg := pegs.Get().(*leash.Peg)
	if limit == 0 {
		start := peg.Start(ctx)
		pegs.Put(peg)
		if result, err = fn(ctx); err == nil {
			return result, nil
		}
		return again(ctx, p, start, err, fn)
	}
	l := peg.Begin(ctx, limit)
	pegs.Put(peg)
	defer l.End()
	if result, err = fn(l); err == nil {
		return result, nil
	}
	l.Cut()
	return again(ctx, p, l.Start(), err, fn)
}

// begin returns how long the first attempt may take, 0 for as long as it likes, or
// why there must be none.
func begin(ctx context.Context, p Policy, isNil bool) (time.Duration, error) {
	err := p.Validate()
	switch {
	case err != nil || ctx == nil || isNil:
		return 0, errors.Join(err, missing("ctx", ctx == nil), missing("fn", isNil))
	case ctx.Err() != nil:
		return 0, newCall(ctx, p).stopped(ctx)
	}
	return p.attemptLimit(), nil
}

// again goes on after the first attempt has failed.
func again[T any](ctx context.Context, p Policy, start leash.Start, err error, fn func(context.Context) (T, error)) (T, error) {
	c := newCall(ctx, p)
	c.begin(start.Time())
	c.failed(time.Now(), err)
	for {
		var none T
		if err := c.next(ctx, err); err != nil {
			return none, err
		}
		pause(ctx, c.lab, c.now.Wait)
		if err := c.over(ctx, 0); err != nil {
			return none, err
		}
		var result T
		if result, err = attempt(ctx, c, fn); err == nil {
			return result, nil
		}
	}
}

// attempt calls fn once more and notes how that went.
func attempt[T any](ctx context.Context, c *call, fn func(context.Context) (T, error)) (T, error) {
	c.begin(time.Now())
	if deadline, bounded := c.deadline(); bounded {
		l := leash.New(ctx, c.now.Start, deadline.Sub(c.now.Start), nil)
		defer l.End()
		ctx = l
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
