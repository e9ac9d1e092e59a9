package pipeline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// sizes returns how many were handed over in each call, and when, since a time.
func sizes[T any](to *ergontest.Sink[T], since time.Time) (all []int, at []time.Duration) {
	for _, b := range to.Batches() {
		all = append(all, len(b.Transactions))
		at = append(at, b.At.Sub(since))
	}
	return all, at
}

// A batch goes when it is full, in time, or when nothing could join it any more.
func TestABatchGoesAsSoonAsItMay(t *testing.T) {
	rows := []struct {
		name   string
		source func() ergon.Source[int]
		policy pipeline.Policy
		opts   []stage.SinkOption
		sizes  []int
		at     []time.Duration
	}{
		{"full, and the rest at the end", func() ergon.Source[int] { return source.Slice(make([]int, 5)) }, pipeline.Policy{},
			[]stage.SinkOption{stage.Batch(2, time.Hour)}, []int{2, 2, 1}, []time.Duration{0, 0, 0}},
		{"in time, while the source has nothing", func() ergon.Source[int] { return openSource(1, 2, 3) }, pipeline.Policy{RunTimeout: time.Hour},
			[]stage.SinkOption{stage.Batch(2, time.Minute)}, []int{2, 1}, []time.Duration{0, time.Minute}},
		{"in the default time", func() ergon.Source[int] { return openSource(1) }, pipeline.Policy{RunTimeout: time.Hour},
			[]stage.SinkOption{stage.Batch(2, 0)}, []int{1}, []time.Duration{stage.DefaultWithin}},
		{"when no more may be in flight", func() ergon.Source[int] { return ergontest.NewSource(make([]int, 5)...) },
			pipeline.Policy{InFlight: 4, FetchBatch: 2}, []stage.SinkOption{stage.Batch(3, time.Hour)}, []int{3, 1, 1}, []time.Duration{0, 0, 0}},
		{"when the limit is reached", func() ergon.Source[int] { return openSource(make([]int, 5)...) }, pipeline.Policy{Limit: 3},
			[]stage.SinkOption{stage.Batch(5, time.Hour)}, []int{3}, []time.Duration{0}},
		{"when the source is empty and nothing is on its way", func() ergon.Source[int] { return ergontest.NewSource(1, 2).Uncounted() }, pipeline.Policy{},
			[]stage.SinkOption{stage.Batch(5, time.Hour)}, []int{2}, []time.Duration{0}},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			began, to := time.Now(), &ergontest.Sink[int]{}
			to.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error { time.Sleep(time.Millisecond); return nil }
			p := pipeline.From(row.source(), pipeline.With(row.policy)).To(to, row.opts...)
			var err error
			if row.policy.RunTimeout > 0 {
				err = p.Stream(t.Context())
				is.True(errors.Is(err, pipeline.ErrRunTimeout))
			} else {
				is.NoErr(p.Run(t.Context()))
			}
			got, at := sizes(to, began)
			is.Equal(got, row.sizes)
			for i := range at {
				is.True(at[i]-row.at[i] < 10*time.Millisecond) // an empty fetch or two
				is.True(at[i] >= row.at[i])
			}
		})
	}
}

// Batches that feed batches all go at the end, those higher up first, so that
// what comes of them is together.
func TestBatchesThatFeedBatchesGoFromTheTop(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		began, to := time.Now(), &ergontest.Sink[[]int]{}
		p := pipeline.From(source.Slice([]int{0, 1, 2, 3, 4})).
			MapBatch(4, time.Hour, identity).Group(2, time.Hour).To(to, stage.Batch(10, time.Hour))
		is.NoErr(p.Run(t.Context()))
		is.Equal(to.Payloads(), [][]int{{0, 1}, {2, 3}, {4}})
		got, at := sizes(to, began)
		is.Equal(got, []int{3})
		is.Equal(at, []time.Duration{0})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 5, Succeeded: 5})
	})
}

// Hold stops the whole stage, and is no attempt.
func TestHoldStopsTheStageAndDoesNotCount(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		began, to := time.Now(), &ergontest.Sink[int]{}
		var at []time.Duration
		holds := 0
		p := pipeline.From(ergontest.NewSource(0, 1, 2)).Map(func(_ context.Context, v int) (int, error) {
			at = append(at, time.Since(began))
			if v == 0 && holds < 3 {
				holds++
				return 0, ergon.Hold(time.Hour, errNotNow)
			}
			return v, nil
		}, stage.Retry(oneSecond(1))).To(to)
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 3})
		is.Equal(at, []time.Duration{0, time.Hour, 2 * time.Hour, 3 * time.Hour, 3 * time.Hour, 3 * time.Hour})
		is.Equal(to.Payloads(), []int{0, 1, 2})
	})
}

// pace lets one call through each second.
type pace struct{ next time.Time }

func (p *pace) Wait(ctx context.Context) error {
	wait := time.Until(p.next)
	p.next = time.Now().Add(max(0, wait) + time.Second)
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Limit paces attempts, retries too, and its waits count neither as attempts nor
// towards their time.
func TestLimitPacesEveryAttempt(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		began, to, calls := time.Now(), &ergontest.Sink[int]{}, 0
		var at []time.Duration
		policy := oneSecond(2)
		policy.AttemptTimeout = time.Millisecond
		p := pipeline.From(ergontest.NewSource(0, 1, 2)).Map(func(ctx context.Context, v int) (int, error) {
			at = append(at, time.Since(began))
			if calls++; calls == 1 {
				return 0, errNotNow
			}
			return v, ctx.Err()
		}, stage.Limit(&pace{}), stage.Retry(policy)).To(to)
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 3, Retries: 1})
		is.Equal(at, []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second})
	})
}

// A stop ends the wait for a limiter with its context at the end of the drain.
func TestAStopEndsTheWaitForALimiter(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, began, calls := openSource(0), time.Now(), 0
		p := pipeline.From(source).Map(func(_ context.Context, v int) (int, error) { calls++; return v, nil },
			stage.Limit(&pace{next: time.Now().Add(time.Hour)})).To(&ergontest.Sink[int]{})
		is.True(p.Stream(stopping(t, time.Second)) != nil)
		is.Equal(calls, 0)
		is.Equal(time.Since(began), 21*time.Second)
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Released: 1})
	})
}
