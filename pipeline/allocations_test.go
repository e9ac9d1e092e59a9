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
	batch           int  // of the sink
	fetched         bool // the source returns memory of its own
	most            float64
}

// What a stage hands over, and what is settled, costs no memory: next to nothing is
// allocated for a transaction from its fetch to its settlement. The goal is 0.02; how
// slabs fall is chance, so there is room. What Fetch returns is an allocation for each
// call, and beside other work there are many calls for few, so only one row has that.
func TestATransactionAllocatesNextToNothing(t *testing.T) {
	for _, c := range []allocated{
		{"one stage, fetched", 1, 1, false, 1, true, 0.03},
		{"one stage", 1, 1, false, 1, false, 0.03},
		{"three stages of four workers", 3, 4, false, 1, false, 0.03},
		{"in order", 3, 4, true, 1, false, 0.03},
		{"in batches", 1, 1, false, 100, false, 0.05},
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
	const short, long = 5_000, 45_000
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
	from := ergon.Source[[6]uint64](allocatingNothing{source.Slice(items)})
	if c.fetched {
		from = told{source.Slice(items)}
	}
	flow := pipeline.From(from)
	if c.ordered {
		flow = flow.Ordered()
	}
	for range c.stages {
		flow = flow.Map(func(_ context.Context, v [6]uint64) ([6]uint64, error) { return v, nil }, stage.Workers(c.workers), stage.Retry(retry.Policy{MaxAttempts: 5}))
	}
	return flow.To(sink.Discard[[6]uint64](), stage.Batch(c.batch, 0))
}

// told is a source that is told every verdict.
type told struct{ *source.Items[[6]uint64] }

func (told) Settle(context.Context, []ergon.Settlement[[6]uint64]) error { return nil }

// allocatingNothing is told, and fills memory that is used again.
type allocatingNothing told

func (a allocatingNothing) Fill(ctx context.Context, _ ergon.Source[[6]uint64], txs []ergon.Transaction[[6]uint64]) (int, error) {
	return a.Items.Fill(ctx, a.Items, txs)
}

func (allocatingNothing) Settle(context.Context, []ergon.Settlement[[6]uint64]) error { return nil }
