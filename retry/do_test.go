package retry_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
	"github.com/matryer/is"
)

var errDown = errors.New("service is down")

// steady waits 1, 2, 4, 8, 10, 10 … seconds.
var steady = retry.Policy{MaxAttempts: 7, Backoff: time.Second, BackoffMultiplier: 2, BackoffCap: 10 * time.Second, Jitter: retry.NoJitter}

// script is a function that fails as it is told, then succeeds, and notes at
// which second it was called.
type script struct {
	errs  []error
	begun time.Time
	at    []int
}

func (s *script) call(context.Context) (string, error) {
	s.at = append(s.at, int(time.Since(s.begun)/time.Second))
	if n := len(s.at); n <= len(s.errs) {
		return "half a result", s.errs[n-1]
	}
	return "done", nil
}

func down(n int) []error { return slices.Repeat([]error{errDown}, n) }

func TestDoKeepsToThePolicy(t *testing.T) {
	const s = time.Second
	hold, after := ergon.Hold(5*s, errDown), ergon.RetryAfter(20*s, errDown)
	with := func(change func(*retry.Policy)) retry.Policy { p := steady; change(&p); return p }
	for _, test := range []struct {
		name string
		p    retry.Policy
		errs []error
		at   []int // the seconds of the calls
		made int   // attempts that count, where the policy is exhausted
	}{
		{"success at once", steady, nil, []int{0}, 0},
		{"success at last", steady, down(6), []int{0, 1, 3, 7, 15, 25, 35}, 0},
		{"never", steady, down(9), []int{0, 1, 3, 7, 15, 25, 35}, 7},
		{"one attempt", retry.Policy{MaxAttempts: 1}, down(9), []int{0}, 1},
		{"three by default", retry.Policy{Backoff: s, Jitter: retry.NoJitter}, down(9), []int{0, 1, 3}, 3},
		{"unlimited", with(func(p *retry.Policy) { p.MaxAttempts = retry.Unlimited }), down(7), []int{0, 1, 3, 7, 15, 25, 35, 45}, 0},
		{"retry after, longer than the wait", steady, []error{after}, []int{0, 20}, 0},
		{"retry after, shorter than the wait", steady, []error{errDown, errDown, ergon.RetryAfter(s, errDown)}, []int{0, 1, 3, 7}, 0},
		{"retry after counts", with(func(p *retry.Policy) { p.MaxAttempts = 2 }), []error{after, after}, []int{0, 20}, 2},
		{"hold does not count", with(func(p *retry.Policy) { p.MaxAttempts = 2 }), []error{hold, hold, errDown, hold}, []int{0, 5, 10, 11, 16}, 0},
		{"a hold of no length waits as a retry", steady, []error{ergon.Hold(0, nil), ergon.Hold(0, nil)}, []int{0, 1, 3}, 0},
		{"wrapped steering", steady, []error{fmt.Errorf("calling: %w", after)}, []int{0, 20}, 0},
		{"within ends before the wait", with(func(p *retry.Policy) { p.Within = 6 * s }), down(9), []int{0, 1, 3}, 3},
		{"within leaves nothing at its very end", with(func(p *retry.Policy) { p.Within = 7 * s }), down(9), []int{0, 1, 3}, 3},
		{"within just suffices", with(func(p *retry.Policy) { p.Within = 7*s + 1 }), down(9), []int{0, 1, 3, 7}, 4},
		{"within bounds holds", with(func(p *retry.Policy) { p.Within = 11 * s }), []error{hold, hold, hold}, []int{0, 5, 10}, 0},
		{"within is never outwaited", with(func(p *retry.Policy) { p.Within = 9 * s }), []error{ergon.RetryAfter(1<<63-1, errDown)}, []int{0}, 1},
		{"a canceled of its own is an error like any other", steady, []error{context.Canceled, context.DeadlineExceeded}, []int{0, 1, 3}, 0},
		{"item errors are one error", steady, []error{ergon.ItemErrors{nil, ergon.Fatal(nil)}}, []int{0, 1}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				fn := &script{errs: test.errs, begun: time.Now()}
				result, err := retry.Do(t.Context(), test.p, fn.call)
				is.Equal(fmt.Sprint(fn.at), fmt.Sprint(test.at))
				if len(test.at) > len(test.errs) {
					is.NoErr(err)
					is.Equal(result, "done")
					return
				}
				var exhausted *retry.ExhaustedError
				is.True(errors.As(err, &exhausted))
				is.Equal(exhausted.Made, test.made)
				is.Equal(exhausted.Elapsed, time.Duration(test.at[len(test.at)-1])*s) // it ends with the attempt, not with a wait
				is.True(errors.Is(err, errDown))
				is.Equal(result, "")
			})
		})
	}
}

func TestDoEndsAtOnceWhenToldTo(t *testing.T) {
	for _, told := range []error{
		ergon.Business(errDown), ergon.Permanent(errDown), ergon.Return(time.Hour, errDown),
		ergon.DeadLetter(errDown), ergon.Drop("unwanted"), ergon.Fatal(errDown), ergon.Handled,
	} {
		for _, err := range []error{told, fmt.Errorf("calling: %w", told), errors.Join(errDown, told)} {
			is := is.New(t)
			fn := &script{errs: []error{errDown, err}}
			result, got := retry.Do(t.Context(), retry.Policy{Backoff: 1}, fn.call)
			is.Equal(got, err) // as it is
			is.Equal(len(fn.at), 2)
			is.Equal(result, "")
		}
	}
}

func TestDoRefusesWhatCannotWork(t *testing.T) {
	never := func(context.Context) (int, error) { t.Error("called"); return 0, nil }
	for _, test := range []struct {
		name   string
		ctx    context.Context
		p      retry.Policy
		fn     func(context.Context) (int, error)
		faulty int
	}{
		{"nil function", t.Context(), steady, nil, 1},
		{"nil context", nil, steady, never, 1},
		{"invalid policy", t.Context(), retry.Policy{MaxAttempts: -9, Within: -1}, never, 2},
		{"all at once", nil, retry.Policy{Backoff: -1}, nil, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			_, err := retry.Do(test.ctx, test.p, test.fn)
			is.True(errors.Is(err, ergon.ErrConfig))
			faulty := 0
			for _, part := range joined(err) {
				faulty += max(1, len(joined(part)))
			}
			is.Equal(faulty, test.faulty)
		})
	}
}

func TestDoGivesAttemptsTheirDeadlines(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		name            string
		timeout, within time.Duration
		want            []time.Duration // of each attempt, from its begin; 0 = none
	}{
		{"none", 0, 0, []time.Duration{0, 0, 0}},
		{"timeout", 5 * s, 0, []time.Duration{5 * s, 5 * s, 5 * s}},
		{"within", 0, 10 * s, []time.Duration{10 * s, 9 * s, 7 * s}},
		{"both", 8 * s, 10 * s, []time.Duration{8 * s, 8 * s, 7 * s}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				p := steady
				p.MaxAttempts, p.AttemptTimeout, p.Within = 3, test.timeout, test.within
				var got []time.Duration
				var last context.Context
				_, err := retry.Do(t.Context(), p, func(ctx context.Context) (int, error) {
					deadline, bounded := ctx.Deadline()
					left := time.Duration(0)
					if bounded {
						left = time.Until(deadline)
					}
					got, last = append(got, left), ctx
					return 0, errDown
				})
				is.True(errors.Is(err, errDown))
				is.Equal(got, test.want)
				is.Equal(last.Err() != nil, test.timeout+test.within > 0) // its timer is released
			})
		})
	}
}

func TestDoTriesAgainAfterATimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := steady
		p.MaxAttempts, p.AttemptTimeout = 2, 5*time.Second
		begun := time.Now()
		_, err := retry.Do(t.Context(), p, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		})
		is.Equal(time.Since(begun), 11*time.Second)
		is.True(errors.Is(err, context.DeadlineExceeded))
		is.Equal(ergon.CategoryOf(err), ergon.CategoryTimeout)
		var exhausted *retry.ExhaustedError
		is.True(errors.As(err, &exhausted))
		is.Equal(exhausted.Made, 2)
	})
}

func TestDoCountsALateResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		p := retry.Policy{AttemptTimeout: time.Second, Within: 2 * time.Second}
		result, err := retry.Do(ctx, p, func(ctx context.Context) (string, error) {
			time.Sleep(time.Hour) // deaf
			cancel()
			return "late", nil
		})
		is.NoErr(err)
		is.Equal(result, "late")
	})
}

func TestDoNeverBeginsASecondAttemptBesideAFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		running, most := 0, 0
		p := steady
		p.AttemptTimeout = time.Second
		_, err := retry.Do(t.Context(), p, func(context.Context) (int, error) {
			running++
			most = max(most, running)
			time.Sleep(time.Minute) // deaf
			running--
			return 0, errDown
		})
		is.True(errors.Is(err, errDown))
		is.Equal(most, 1)
	})
}

func TestDoLeavesPanicsToItsCaller(t *testing.T) {
	is := is.New(t)
	var inside context.Context
	defer func() {
		is.Equal(recover(), "boom")
		is.True(inside.Err() != nil) // its timer is released
	}()
	_, _ = retry.Do(t.Context(), retry.Policy{AttemptTimeout: time.Hour}, func(ctx context.Context) (int, error) {
		inside = ctx
		panic("boom")
	})
}

func TestWrap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		calls := 0
		double := retry.Wrap(steady, func(_ context.Context, n int) (string, error) {
			if calls++; calls%3 != 0 {
				return "", errDown
			}
			return fmt.Sprint(2 * n), nil
		})
		for n, want := range []string{"0", "2", "4"} { // each call has a policy of its own
			got, err := double(t.Context(), n)
			is.NoErr(err)
			is.Equal(got, want)
		}
		is.Equal(calls, 9)

		_, err := retry.Wrap[int, int](steady, nil)(t.Context(), 1)
		is.True(errors.Is(err, ergon.ErrConfig))
	})
}
