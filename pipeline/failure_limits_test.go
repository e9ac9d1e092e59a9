package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/source"
)

func TestReturnedWaitsLongerWithEachDelivery(t *testing.T) {
	for _, tc := range []struct {
		deliveries int
		want       time.Duration
	}{
		{0, time.Second}, {1, time.Second}, {2, 2 * time.Second}, {3, 4 * time.Second}, {8, 128 * time.Second},
		{9, 256 * time.Second}, {10, 5 * time.Minute}, {10_000, 5 * time.Minute},
	} {
		inBubble(t, fmt.Sprint("delivery ", tc.deliveries), func(t *testing.T) {
			is := is.New(t)
			source := delivered(tc.deliveries)
			policy := steadily()
			policy.MaxDeliveries = retry.Unlimited
			p := pipeline.From(source, pipeline.With(policy)).Map(failing(0, errBoom)).To(&shelf[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{fmt.Sprintf("t:0 returned %v: boom", tc.want)})
		})
	}
}

func TestI22RedeliveryIsJitteredAndNeverAboveItsCap(t *testing.T) {
	inBubble(t, "a thousand of the 10,000th delivery", func(t *testing.T) {
		is := is.New(t)
		source, seen := tell(1000), map[time.Duration]bool{}
		for i := range source.waiting {
			source.waiting[i] = source.waiting[i].WithDeliveries(10_000)
		}
		p := pipeline.From(source, pipeline.With(pipeline.Policy{MaxDeliveries: retry.Unlimited})).
			Map(func(context.Context, int) (int, error) { return 0, errBoom }).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		for _, one := range source.told {
			is.True(one.Delay >= 0 && one.Delay <= 5*time.Minute)
			seen[one.Delay] = true
		}
		is.True(len(seen) > 900)
	})
}

func TestMaxDeliveries(t *testing.T) {
	for _, tc := range []struct {
		name            string
		deliveries, max int
		told            string
	}{
		{"below the default", 9, 0, "t:0 returned 4m16s: boom"},
		{"at the default", 10, 0, "t:0 dead-lettered: boom"},
		{"above the default", 11, 0, "t:0 dead-lettered: boom"},
		{"below what is set", 1, 2, "t:0 returned 1s: boom"},
		{"at what is set", 2, 2, "t:0 dead-lettered: boom"},
		{"at the first delivery", 1, 1, "t:0 dead-lettered: boom"},
		{"where the source does not count", 0, 1, "t:0 returned 1s: boom"},
		{"without limit", 1 << 30, retry.Unlimited, "t:0 returned 5m0s: boom"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, policy := delivered(tc.deliveries), steadily()
			policy.MaxDeliveries = tc.max
			is.NoErr(pipeline.From(source, pipeline.With(policy)).Map(failing(0, errBoom)).To(&shelf[int]{}).Run(t.Context()))
			is.Equal(source.lines(), []string{tc.told})
		})
	}
}

func TestMaxFailuresEndsARunEarly(t *testing.T) {
	every := func(n int) func(int) bool { return func(v int) bool { return v%n == 0 } }
	for _, tc := range []struct {
		name    string
		most    pipeline.Failures
		fails   func(int) bool
		fetched int64 // 0: all 1000
	}{
		{"fewer than the count", pipeline.Failures{Count: 101}, every(10), 0},
		{"the count", pipeline.Failures{Count: 5}, every(10), 41},
		{"the first", pipeline.Failures{Count: 1}, every(1), 1},
		{"less than the share", pipeline.Failures{Share: 0.11}, every(10), 0},
		{"the share itself", pipeline.Failures{Share: 0.5}, func(v int) bool { return v%2 == 1 }, 0},
		{"more than the share, once 100 have ended", pipeline.Failures{Share: 0.4}, every(2), 101},
		{"all of the first, but no more after", pipeline.Failures{Share: 0.3}, func(v int) bool { return v < 20 }, 0},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := tell(1000)
			policy := pipeline.Policy{MaxFailures: tc.most, InFlight: 1}
			p := pipeline.From(source, pipeline.With(policy)).Map(func(_ context.Context, v int) (int, error) {
				time.Sleep(time.Millisecond) // so that a stop is heard before the next one fails
				if tc.fails(v) {
					return 0, errBoom
				}
				return v, nil
			}).To(&shelf[int]{})
			err := p.Run(t.Context())
			is.Equal(errors.Is(err, pipeline.ErrTooManyFailures), tc.fetched > 0)
			if tc.fetched == 0 {
				is.NoErr(err)
				is.Equal(p.Ledger().Fetched, int64(1000))
				return
			}
			is.True(p.Ledger().Fetched >= tc.fetched && p.Ledger().Fetched <= tc.fetched+2) // one may be under way
			is.True(p.Ledger().Balanced())
			is.Equal(p.Ledger().Released, int64(0)) // it drains as any stop
		})
	}
}

func TestAVerdictWithoutAHomeIsReportedNotLost(t *testing.T) {
	inBubble(t, "a slice, of which twelve fail", func(t *testing.T) {
		is := is.New(t)
		store := &shelf[int]{}
		p := pipeline.From(source.Slice(make([]int, 15))).Transform(func(_ context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) {
			switch tx.ID() {
			case "slice:0":
				return tx, ergon.Business(errBoom)
			case "slice:1", "slice:2", "slice:3":
				return tx, nil
			}
			return tx, errBoom
		}).To(store)
		var unhandled *pipeline.UnhandledError
		err := p.Run(t.Context())
		is.True(errors.As(err, &unhandled))
		is.True(errors.Is(err, errBoom))
		is.Equal(unhandled.Count, int64(12))
		is.Equal(len(unhandled.Failures), 10) // the first
		first := unhandled.Failures[0]
		is.Equal([]any{first.Transaction, first.Stage, first.Verdict, first.Err.Error()}, []any{"slice:0", "transform", ergon.DeadLettered, "boom"})
		is.Equal(unhandled.Failures[1].Verdict, ergon.Returned)
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 15, Succeeded: 3, Unsettled: 12})
	})
	inBubble(t, "a slice, of which all that fails is handled", func(t *testing.T) {
		is := is.New(t)
		p := pipeline.From(source.Slice([]int{1, 2})).Map(failing(1, errBoom)).OnError(saying(ergon.Handled)).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 2, Succeeded: 1, Handled: 1})
	})
}
