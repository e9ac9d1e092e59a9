package ergontest

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// simShape makes pipelines of a random shape, always the same one.
type simShape struct{ seed uint64 }

type simShapeFlow = pipeline.Flow[int, string]

func (s simShape) build(w *World[int]) pipeline.Pipeline {
	r := rand.New(rand.NewPCG(s.seed, 0))
	policy := pipeline.Policy{
		InFlight: 8 + r.IntN(30), FetchBatch: 1 + r.IntN(20), MaxDeliveries: 4 + r.IntN(10),
		Drain: time.Duration(1+r.IntN(60)) * time.Second, Grace: time.Duration(1+r.IntN(9)) * time.Second,
	}
	flow := stockFrom(w, policy).Map(stockText, simWorkers(r), simPatience(r))
	for range r.IntN(4) {
		flow = addStage(flow, r)
	}
	flow = addEnds(w, flow, r)
	if r.IntN(3) > 0 {
		return flow.To(w.Sink[string]("one"), stage.Batch(1+r.IntN(4), 5*time.Minute))
	}
	a, b := 1+r.IntN(4), 1+r.IntN(3)
	return flow.Fork(
		func(f simShapeFlow) pipeline.Pipeline {
			return f.To(w.Sink[string]("one"), stage.Batch(a, 5*time.Minute))
		},
		func(f simShapeFlow) pipeline.Pipeline {
			return f.Filter(func(s string) bool { return s[1] != '3' }).To(w.Sink[string]("two"), stage.Batch(b, time.Second))
		},
		func(f simShapeFlow) pipeline.Pipeline { return f.To(w.Sink[string]("spare"), stage.BestEffort()) },
	)
}

func simWorkers(r *rand.Rand) stage.Option { return stage.Workers(1 + r.IntN(6)) }

func simPatience(r *rand.Rand) stage.Option {
	return stage.Retry(retry.Policy{MaxAttempts: 1 + r.IntN(6), Backoff: time.Second, AttemptTimeout: time.Duration(10+r.IntN(60)) * time.Second})
}

func simSame(_ context.Context, s string) (string, error) { return s, nil }

// addStage adds a stage of a random kind.
func addStage(flow simShapeFlow, r *rand.Rand) simShapeFlow {
	switch r.IntN(5) {
	case 0:
		return flow.Map(simSame, simWorkers(r), simPatience(r))
	case 1:
		return flow.MapBatch(1+r.IntN(3), time.Second, func(_ context.Context, s []string) ([]string, error) {
			return slices.Clone(s), nil
		}, simWorkers(r), simPatience(r))
	case 2:
		return flow.Ordered()
	case 3:
		return flow.Ordered().KeyBy(func(tx ergon.Transaction[string]) string { return tx.Payload()[:2] })
	}
	return flow.FlatMap(func(_ context.Context, s string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			_ = yield(s+"a", nil) && yield(s+"b", nil) && yield(s+"c", nil)
		}
	}, simWorkers(r), simPatience(r))
}

// addEnds adds some of what follows a failure, and a success.
func addEnds(w *World[int], flow simShapeFlow, r *rand.Rand) simShapeFlow {
	if r.IntN(2) == 0 {
		flow = flow.OnError(func(context.Context, ergon.Failure[int]) error { return nil })
	}
	if r.IntN(2) == 0 {
		flow = flow.DeadLetter(w.Dead, stage.Batch(1+r.IntN(5), time.Minute))
	}
	if r.IntN(2) == 0 {
		flow = flow.OnSuccess(func(context.Context, ergon.Transaction[int]) error { return nil })
	}
	return flow
}

// Whatever the shape of a pipeline, nothing is lost in it. The key of a shape is
// the first character of a number, as KeyBy there sees it.
func TestSimulatedShapesLoseNothing(t *testing.T) {
	shapes := 60
	if simRace {
		shapes = 10
	}
	var all SimResult
	for i := range shapes {
		result := Sim(t, simShape{uint64(i)}.build, SimConfig[int]{
			Make: func(i int) int { return i }, Key: func(i int) string { return fmt.Sprint("n", i)[:2] }, N: 30, Seeds: 5, First: uint64(1000 * i),
		})
		all.merge(result)
		if result.Failed {
			t.Fatalf("shape %d", i)
		}
	}
	t.Log(all)
}
