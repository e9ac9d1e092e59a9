package peers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/bench/internal/work"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// Ergon is ergon with everything on but observers: the source is told the verdict
// of every item, every stage tries again, its attempts have a time, panics are
// caught, and the ledger is kept.
func Ergon() Peer {
	return Peer{
		Name: "ergon", Fits: func(Shape) bool { return true }, Run: func(ctx context.Context, j Job) (int, error) {
			return ergonRun(ctx, j, &settled{Items: source.Slice(j.Items)})
		},
		Note: "every feature on except observers",
	}
}

// ErgonUnsettled is Ergon with a source that need not be told: source.Slice as it
// is.
func ErgonUnsettled() Peer {
	return Peer{
		Name: "ergon, nothing to settle", Fits: func(Shape) bool { return true }, Run: func(ctx context.Context, j Job) (int, error) {
			return ergonRun(ctx, j, source.Slice(j.Items))
		},
		Note: "source.Slice as it is: no Settle",
	}
}

// settled is a source.Slice that is told what became of its items.
type settled struct {
	*source.Items[work.Item]
	acked int // Settle is called by one goroutine at a time
}

// Fill is that of the slice.
func (s *settled) Fill(ctx context.Context, source ergon.Source[work.Item], txs []ergon.Transaction[work.Item]) (int, error) {
	if source != ergon.Source[work.Item](s) {
		return 0, errors.ErrUnsupported
	}
	return s.Items.Fill(ctx, s.Items, txs)
}

// Settle counts what was acked.
func (s *settled) Settle(_ context.Context, settlements []ergon.Settlement[work.Item]) error {
	for _, settlement := range settlements {
		if settlement.Verdict == ergon.Acked {
			s.acked++
		}
	}
	return nil
}

// patiently is the retry policy of every stage, that of the README. An attempt has its
// time without being told: 60 s.
var patiently = retry.Policy{MaxAttempts: 5}

func ergonRun(ctx context.Context, j Job, from ergon.Source[work.Item], options ...pipeline.Option) (int, error) {
	p := ErgonPipeline(j, from, ergonSink(j), options...)
	if err := p.Run(ctx); err != nil {
		return 0, fmt.Errorf("peers: ergon: %w", err)
	}
	l := p.Ledger()
	if s, told := from.(*settled); told && int64(s.acked) != l.Succeeded {
		return s.acked, fmt.Errorf("peers: ergon: the source was told of %d items, the ledger has %d", s.acked, l.Succeeded)
	}
	return int(l.Succeeded), nil
}

// ErgonPipeline returns the pipeline of a job.
func ErgonPipeline(j Job, from ergon.Source[work.Item], to ergon.Sink[work.Item], options ...pipeline.Option) pipeline.Pipeline {
	flow := pipeline.From(from, options...)
	if j.Ordered {
		flow = flow.Ordered()
	}
	step := func(_ context.Context, v work.Item) (work.Item, error) { return j.Step(v), nil }
	for range j.Stages {
		flow = flow.Map(step, stage.Workers(j.Workers), stage.Retry(patiently))
	}
	return flow.To(to, stage.Batch(100, 50*time.Millisecond))
}

// ergonSink drops what comes, or shows it to whoever looks.
func ergonSink(j Job) ergon.Sink[work.Item] {
	if j.See == nil {
		return sink.Discard[work.Item]()
	}
	return sink.Func(func(_ context.Context, txs []ergon.Transaction[work.Item]) error {
		for _, tx := range txs {
			j.See(tx.Payload())
		}
		return nil
	})
}
