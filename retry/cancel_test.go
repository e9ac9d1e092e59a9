package retry_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
	"github.com/matryer/is"
)

var errShutdown = errors.New("shutting down")

func TestDoWithACanceledContextCallsNothing(t *testing.T) {
	for _, test := range []struct {
		name  string
		cause error
		want  string
	}{
		{"no cause", nil, "retry: not begun: context canceled"},
		{"a cause", errShutdown, "retry: not begun: context canceled: shutting down"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(test.cause)
			fn := &script{}
			_, err := retry.Do(ctx, steady, fn.call)
			is.Equal(len(fn.at), 0)
			is.Equal(err.Error(), test.want)
			is.True(errors.Is(err, context.Canceled))
			is.True(test.cause == nil || errors.Is(err, test.cause))
		})
	}
}

func TestDoWakesFromAWaitWhenCanceled(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
	}{
		{"a retry", errDown},
		{"a retry after", ergon.RetryAfter(time.Hour, errDown)},
		{"a hold", ergon.Hold(time.Hour, errDown)},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(500*time.Millisecond, func() { cancel(ergon.Fatal(errShutdown)) })
				fn := &script{errs: []error{test.err}, begun: time.Now()}
				_, err := retry.Do(ctx, steady, fn.call)
				is.Equal(time.Since(fn.begun), 500*time.Millisecond)
				is.Equal(len(fn.at), 1)
				is.True(errors.Is(err, errDown))          // the real error
				is.True(errors.Is(err, errShutdown))      // the cause
				is.True(errors.Is(err, context.Canceled)) // what the caller looks for
				steering, _ := ergon.SteeringOf(err)
				is.Equal(steering, ergon.SteerRetry)
				is.Equal(err.Error(), "retry: stopped: context canceled: shutting down, the last failure: service is down")
			})
		})
	}
}

func TestDoCanceledDuringAnAttempt(t *testing.T) {
	business := ergon.Business(errDown)
	for _, test := range []struct {
		name   string
		p      retry.Policy
		result error // of the attempt
		check  func(is *is.I, err error)
	}{
		{"that succeeds", steady, nil, func(is *is.I, err error) { is.NoErr(err) }},
		{"that fails", steady, errDown, func(is *is.I, err error) {
			is.True(errors.Is(err, errDown) && errors.Is(err, context.Canceled))
			is.Equal(err.Error(), "retry: stopped: context canceled, the last failure: service is down")
		}},
		{"that is the last", retry.Policy{MaxAttempts: 1}, errDown, func(is *is.I, err error) {
			var exhausted *retry.ExhaustedError
			is.True(!errors.As(err, &exhausted)) // it was stopped; nobody knows what would have been
			is.True(errors.Is(err, context.Canceled))
		}},
		{"that steers", steady, business, func(is *is.I, err error) { is.Equal(err, business) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			ctx, cancel := context.WithCancel(t.Context())
			calls := 0
			_, err := retry.Do(ctx, test.p, func(ctx context.Context) (int, error) {
				calls++
				cancel()
				is.True(ctx.Err() != nil)
				return 0, test.result
			})
			is.Equal(calls, 1)
			test.check(is, err)
		})
	}
}

func TestDoBeginsNothingAfterTheDeadlineOfItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second) // the very moment of the third attempt
		defer cancel()
		fn := &script{errs: down(9), begun: time.Now()}
		_, err := retry.Do(ctx, steady, fn.call)
		is.True(len(fn.at) >= 2)
		is.True(errors.Is(err, context.DeadlineExceeded))
		is.True(errors.Is(err, errDown))
		is.Equal(time.Since(fn.begun), 3*time.Second)
	})
}
