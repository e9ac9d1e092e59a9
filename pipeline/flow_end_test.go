package pipeline_test

import (
	"context"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// A run ends when the source says so, or when it is empty and says it holds
// nothing more; what comes again after a delay is waited for.
func TestARunEndsWhenNothingMoreCanCome(t *testing.T) {
	again := func(calls *int) func(context.Context, int) (int, error) {
		return func(_ context.Context, v int) (int, error) {
			if *calls++; *calls == 1 {
				return 0, ergon.Return(time.Hour, errNotNow)
			}
			return v, nil
		}
	}
	rows := []struct {
		name    string
		counted bool
		took    time.Duration
		want    ergon.Ledger
	}{
		{"a source that counts", true, time.Hour, ergon.Ledger{Fetched: 2, Succeeded: 1, Returned: 1}},
		{"one that does not", false, 0, ergon.Ledger{Fetched: 1, Returned: 1}},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			calls, began, held := 0, time.Now(), openSource(0)
			var source ergon.Source[int] = held
			if !row.counted {
				source = held.Uncounted()
			}
			p := pipeline.From(source).Map(again(&calls)).To(&ergontest.Sink[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(p.Ledger(), row.want)
			is.True(time.Since(began)-row.took < 2*time.Second) // an empty fetch waits a second at most
			is.True(time.Since(began) >= row.took)
		})
	}
}

// bestEffort forks to a sink and to a branch that nobody waits for.
func bestEffort(f pipeline.Flow[int, int], to ergon.Sink[int], branch func(pipeline.Flow[int, int]) pipeline.Pipeline) pipeline.Pipeline {
	return f.Fork(func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(to) }, branch)
}

// What best effort has not stored when all else is done is given the time of a
// drain, then cancelled and counted; the verdicts stand.
func TestBestEffortThatIsLeftOverIsCounted(t *testing.T) {
	rows := []struct {
		name  string
		work  func(ctx context.Context) error
		opts  []stage.SinkOption
		took  time.Duration
		count int64
		stuck bool
	}{
		{"it is slow, but in time", func(context.Context) error { time.Sleep(5 * time.Second); return nil }, nil, 10 * time.Second, 0, false},
		{"it hears its context", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, nil, 20 * time.Second, 2, false},
		{"it waits for a retry", func(context.Context) error { return ergon.RetryAfter(time.Hour, errNotNow) },
			[]stage.SinkOption{stage.Retry(oneSecond(9))}, 20 * time.Second, 2, false},
		{"it is deaf", func(context.Context) error { deafCode(); return nil }, nil, 25 * time.Second, 2, true},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			source, to, live, began := ergontest.NewSource(0, 1), &ergontest.Sink[int]{}, &ergontest.Sink[int]{}, time.Now()
			live.OnDispatch = func(ctx context.Context, _ int, _ []ergon.Transaction[int]) error { return row.work(ctx) }
			p := bestEffort(pipeline.From(source), to, func(f pipeline.Flow[int, int]) pipeline.Pipeline {
				return f.To(live, append(row.opts, stage.BestEffort())...)
			})
			err := p.Run(t.Context())
			is.Equal(err != nil, row.stuck)
			is.Equal(time.Since(began).Round(time.Second), row.took)
			ledger := p.Ledger()
			is.Equal(ledger.BestEffort, row.count)
			ledger.BestEffort, ledger.Retries = 0, 0
			is.Equal(ledger, ergon.Ledger{Fetched: 2, Succeeded: 2})
			is.Equal(source.Settled(ergon.Acked), []string{"test:0", "test:1"})
			time.Sleep(3 * time.Hour)
		})
	}
}

// A branch that nobody waits for holds nobody up when it is full, also where it
// forks again.
func TestABestEffortBranchThatIsFullHoldsNobodyUp(t *testing.T) {
	slow := &ergontest.Sink[int]{}
	slow.OnDispatch = func(ctx context.Context, _ int, _ []ergon.Transaction[int]) error { <-ctx.Done(); return ctx.Err() }
	branch := func(f pipeline.Flow[int, int]) pipeline.Pipeline {
		return f.To(slow, stage.BestEffort(), stage.Buffer(1))
	}
	for name, way := range map[string]func(pipeline.Flow[int, int]) pipeline.Pipeline{
		"a sink":       branch,
		"a Fork of it": func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.Fork(branch, branch) },
	} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			source, to, began := ergontest.NewSource(make([]int, 50)...), &ergontest.Sink[int]{}, time.Now()
			is.NoErr(bestEffort(pipeline.From(source), to, way).Run(t.Context()))
			is.Equal(len(to.Payloads()), 50)
			last := to.Batches()[49].At
			is.True(last.Sub(began) < time.Second)
		})
	}
}
