package pipeline_test

import (
	"context"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// allocated is one row: how many allocations a transaction may cost at most.
type allocated struct {
	name            string
	stages, workers int
	ordered         bool
	most            float64
}

// The goal is 0.02 in every row. What stands there is what the engine takes now,
// and a little more: the hand-over still allocates for each transaction.
func TestATransactionAllocatesNoMoreThanItDid(t *testing.T) {
	for _, c := range []allocated{
		{"one stage", 1, 1, false, 1.25},
		{"three stages of four workers", 3, 4, false, 3.3},
		{"in order", 3, 4, true, 18.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.measured(t); got > c.most {
				t.Errorf("%.3f allocations for each transaction, at most %v", got, c.most)
			} else {
				t.Logf("%.3f allocations for each transaction", got)
			}
		})
	}
}

// measured returns the allocations for each transaction: the difference between a
// long run and a short one, so that what a run costs once does not count.
func (c allocated) measured(t *testing.T) float64 {
	t.Helper()
	const short, long = 2_000, 12_000
	items := make([][6]uint64, long)
	run := func(n int) float64 {
		return testing.AllocsPerRun(3, func() {
			p := c.pipeline(items[:n])
			if err := p.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			if l := p.Ledger(); l.Succeeded != int64(n) {
				t.Fatal(l)
			}
		})
	}
	return (run(long) - run(short)) / (long - short)
}

// pipeline is one with everything on but observers.
func (c allocated) pipeline(items [][6]uint64) pipeline.Pipeline {
	flow := pipeline.From(ergon.Source[[6]uint64](allocatingNothing{source.Slice(items)}))
	if c.ordered {
		flow = flow.Ordered()
	}
	for range c.stages {
		flow = flow.Map(func(_ context.Context, v [6]uint64) ([6]uint64, error) { return v, nil }, stage.Workers(c.workers), stage.Retry(retry.Policy{MaxAttempts: 5}))
	}
	return flow.To(sink.Discard[[6]uint64](), stage.Batch(100, 0))
}

// allocatingNothing is a source that is told every verdict.
type allocatingNothing struct{ *source.Items[[6]uint64] }

func (allocatingNothing) Settle(context.Context, []ergon.Settlement[[6]uint64]) error { return nil }
