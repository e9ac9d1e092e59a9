package retry_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
	"github.com/matryer/is"
	"github.com/sourcegraph/conc"
)

// probe is a function that notes what it sees of each attempt.
type probe struct {
	errs  []error // of the attempts; none is left: success
	takes time.Duration
	seen  []string
	ctx   context.Context // of the last attempt
}

func (p *probe) call(ctx context.Context) (string, error) {
	deadline, bounded := ctx.Deadline()
	left := time.Duration(0)
	if bounded {
		left = time.Until(deadline)
	}
	p.seen, p.ctx = append(p.seen, fmt.Sprintf("%v left, %v", left, ctx.Err())), ctx
	wait, stop := context.WithTimeout(ctx, p.takes)
	defer stop()
	<-wait.Done()
	p.seen = append(p.seen, fmt.Sprint(ctx.Err(), context.Cause(ctx)))
	if n := len(p.seen) / 2; n <= len(p.errs) {
		return "half a result", p.errs[n-1]
	}
	return "done", nil
}

// TestWrapIsDo compares what a wrapped function does, sees and returns with Do.
func TestWrapIsDo(t *testing.T) {
	const s = time.Second
	timed := steady
	timed.AttemptTimeout = 5 * s
	both := timed
	both.Within = 20 * s
	for _, test := range []struct {
		name   string
		p      retry.Policy
		errs   []error
		takes  time.Duration
		cancel time.Duration // when the caller's context ends; 0: it does not
	}{
		{"success", timed, nil, s, 0},
		{"success that is late", timed, nil, 9 * s, 0},
		{"success at last", timed, down(3), s, 0},
		{"never", timed, down(9), 2 * s, 0},
		{"within", both, down(9), 4 * s, 0},
		{"no time", steady, down(3), s, 0},
		{"steered", timed, []error{ergon.Hold(s, errDown), ergon.RetryAfter(7*s, errDown), ergon.Business(errDown)}, s, 0},
		{"canceled in the first attempt", timed, down(3), 4 * s, s},
		{"canceled in a wait", timed, down(3), s, 1500 * time.Millisecond},
		{"canceled in the second attempt", timed, down(3), s, 2500 * time.Millisecond},
		{"canceled before", timed, nil, s, -1},
		{"canceled before, no time", steady, nil, s, -1},
		{"a policy that is not valid", retry.Policy{Within: -1, MaxAttempts: -7}, nil, s, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var told []string
			for _, wrap := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					defer cancel(nil)
					if test.cancel < 0 {
						cancel(errShutdown)
					}
					if test.cancel > 0 {
						time.AfterFunc(test.cancel, func() { cancel(errShutdown) })
					}
					p, begun := &probe{errs: test.errs, takes: test.takes}, time.Now()
					call := func() (string, error) { return retry.Do(ctx, test.p, p.call) }
					if wrap {
						fn := retry.Wrap(test.p, func(ctx context.Context, p *probe) (string, error) { return p.call(ctx) })
						call = func() (string, error) { return fn(ctx, p) }
					}
					result, err := call()
					told = append(told, fmt.Sprintf("%v %q %v %+v", time.Since(begun), result, p.seen, account(err)))
				})
			}
			is.New(t).Equal(told[1], told[0])
		})
	}
}

// account is all that an error says.
func account(err error) string {
	var exhausted *retry.ExhaustedError
	if errors.As(err, &exhausted) {
		return fmt.Sprintf("%v %+v", err, *exhausted)
	}
	return fmt.Sprint(err)
}

func TestWrapRefusesWhatCannotWork(t *testing.T) {
	never := func(context.Context, int) (int, error) { t.Error("called"); return 0, nil }
	for _, p := range []retry.Policy{patient, timed} {
		is := is.New(t)
		_, err := retry.Wrap(p, never)(nil, 1)
		is.True(errors.Is(err, ergon.ErrConfig))
		is.Equal(err.Error(), "retry.Do: ctx: is nil")
		_, err = retry.Wrap[int, int](p, nil)(t.Context(), 1)
		is.Equal(err.Error(), "retry.Do: fn: is nil")
	}
}

// However the function ends, its context ends with it.
func TestAFunctionThatDoesNotReturn(t *testing.T) {
	for _, test := range []struct {
		name string
		call func(context.Context, func(context.Context) (int, error)) (int, error)
	}{
		{"Do", func(ctx context.Context, fn func(context.Context) (int, error)) (int, error) {
			return retry.Do(ctx, timed, fn)
		}},
		{"Wrap", func(ctx context.Context, fn func(context.Context) (int, error)) (int, error) {
			return retry.Wrap(timed, func(ctx context.Context, _ int) (int, error) { return fn(ctx) })(ctx, 1)
		}},
	} {
		for _, attempt := range []int{1, 2} {
			for how, leave := range map[string]func(){"panic": func() { panic("boom") }, "Goexit": runtime.Goexit} {
				t.Run(fmt.Sprint(test.name, attempt, how), func(t *testing.T) {
					is := is.New(t)
					var contexts []context.Context
					var wg conc.WaitGroup
					wg.Go(func() {
						defer func() { is.Equal(recover() == "boom", how == "panic") }()
						_, err := test.call(t.Context(), func(ctx context.Context) (int, error) {
							contexts = append(contexts, ctx)
							is.NoErr(ctx.Err())
							if len(contexts) == attempt {
								leave()
							}
							return 0, ergon.RetryAfter(1, errDown)
						})
						t.Error("it has returned", err)
					})
					wg.Wait()
					is.Equal(len(contexts), attempt)
					for _, ctx := range contexts {
						is.Equal(ctx.Err(), context.Canceled)
					}
				})
			}
		}
	}
}
