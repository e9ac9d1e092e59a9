package retry_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
	"github.com/matryer/is"
)

func TestExhaustedErrorSays(t *testing.T) {
	one := []ergon.Attempt{{Number: 1, Err: errDown}}
	for _, test := range []struct {
		err  *retry.ExhaustedError
		want string
	}{
		{&retry.ExhaustedError{Attempts: one, Made: 1}, "retry: 1 attempt failed, the last: service is down"},
		{&retry.ExhaustedError{Attempts: one, Made: 900}, "retry: 900 attempts failed, the last: service is down"},
		{&retry.ExhaustedError{Attempts: one, Made: 2, Within: time.Second}, "retry: 2 attempts failed and 1s leaves no time for another, the last: service is down"},
		{&retry.ExhaustedError{}, "retry: 0 attempts failed"},
	} {
		is.New(t).Equal(test.err.Error(), test.want)
	}
}

func TestExhaustedErrorHoldsEveryAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		begun := time.Now()
		first := &fs.PathError{Op: "open", Path: "orders.csv", Err: fs.ErrNotExist}
		held := ergon.Hold(4*time.Second, errShutdown)
		p := steady
		p.MaxAttempts = 2
		errs := []error{first, held, errDown}
		calls := 0
		_, err := retry.Do(t.Context(), p, func(context.Context) (int, error) {
			time.Sleep(10 * time.Second)
			calls++
			return 0, errs[calls-1]
		})
		var exhausted *retry.ExhaustedError
		is.True(errors.As(err, &exhausted))
		is.Equal(exhausted.Attempts, []ergon.Attempt{
			{Number: 1, Start: begun, Duration: 10 * time.Second, Err: first},
			{Number: 2, Start: begun.Add(11 * time.Second), Duration: 10 * time.Second, Wait: time.Second, Err: held},
			{Number: 2, Start: begun.Add(25 * time.Second), Duration: 10 * time.Second, Wait: 4 * time.Second, Err: errDown},
		})
		is.Equal(exhausted.Elapsed, 35*time.Second)
		for _, each := range []error{first, fs.ErrNotExist, errShutdown, errDown} {
			is.True(errors.Is(err, each))
		}
		var path *fs.PathError
		is.True(errors.As(err, &path))
	})
}

func TestExhaustedErrorIsBounded(t *testing.T) {
	is := is.New(t)
	const made = 10 * ergon.MostAttempts
	calls := 0
	_, err := retry.Do(t.Context(), retry.Policy{MaxAttempts: made, Backoff: 1, BackoffCap: 1}, func(context.Context) (int, error) {
		calls++
		return 0, fmt.Errorf("attempt %d", calls)
	})
	var exhausted *retry.ExhaustedError
	is.True(errors.As(err, &exhausted))
	is.Equal(exhausted.Made, made)
	is.Equal(len(exhausted.Attempts), ergon.MostAttempts)
	for i, a := range exhausted.Attempts {
		number := i + 1
		if i >= ergon.MostAttempts/2 {
			number = made - ergon.MostAttempts + number
		}
		is.Equal(a.Number, number)
		is.Equal(a.Err.Error(), fmt.Sprintf("attempt %d", number))
	}
	is.Equal(err.Error(), "retry: 640 attempts failed, the last: attempt 640")
	is.Equal(errors.Unwrap(err), nil)
	is.Equal(joined(err)[0].Error(), "attempt 640") // the last comes first
}

func TestExhaustedErrorSteersNothing(t *testing.T) {
	path := &fs.PathError{Op: "open", Path: "orders.csv", Err: fs.ErrNotExist}
	for _, test := range []struct {
		name string
		err  error
	}{
		{"plain", path},
		{"retry after", ergon.RetryAfter(1, path)},
		{"wrapped retry after", fmt.Errorf("calling: %w", ergon.RetryAfter(1, path))},
		{"joined hold", errors.Join(errDown, ergon.Hold(time.Second, path))},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				p := retry.Policy{Backoff: time.Second, Within: time.Minute}
				_, err := retry.Do(t.Context(), p, func(context.Context) (int, error) { return 0, test.err })
				err = fmt.Errorf("stage: %w", err)
				steering, delay := ergon.SteeringOf(err)
				is.Equal(steering, ergon.SteerRetry)
				is.Equal(delay, time.Duration(0))
				is.Equal(ergon.CategoryOf(err), ergon.CategorySystem)

				is.True(errors.Is(err, fs.ErrNotExist)) // and still nothing is lost
				found, ok := errors.AsType[*fs.PathError](err)
				is.True(ok)
				is.Equal(found, path)
			})
		})
	}
}
