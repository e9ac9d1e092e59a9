package scenarios

import (
	"context"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// memory is what ten million items leave behind on their way.
func memory() Maker {
	return Maker{Name: "memory", Title: "Memory over many items", Goals: []string{"P11"}, Open: openMemory, Most: 3}
}

func openMemory(ctx context.Context, s Settings) (*measure.Scenario, error) {
	o := &measure.Scenario{Unit: measure.Nanos, Profile: ours}
	j := peers.Job{Shape: peers.Shape{Stages: 3, Workers: 4}, Items: work.Items(s.Some(10_000_000, 500_000, 10_000)), Step: work.Trivial}
	for _, p := range []peers.Peer{peers.Ergon(), peers.Raw()} {
		if err := p.Check(ctx, j.Shape, j.Items[:10_000], j.Step); err != nil {
			return nil, err
		}
		o.Variants = append(o.Variants, measure.Variant{Name: p.Name, Run: func(ctx context.Context) (measure.Sample, error) {
			w := watchHeap()
			sample, err := timing{p, j}.take(ctx)
			w.into(&sample)
			return sample, err
		}})
	}
	mega := func(of func(measure.Sample) float64) func(measure.Round) float64 {
		return func(r measure.Round) float64 { return of(r[ours]) / 1e6 }
	}
	from := []string{ours}
	o.Figures = []measure.Figure{
		{Goal: "P11", What: "reachable memory above the start, at most", Unit: measure.Mega, Must: 4, Of: mega(func(s measure.Sample) float64 { return s.Live }), From: from},
		{Goal: "P11", What: "its growth from the first third to the last (flat)", Unit: measure.Mega, Must: 0.5, Of: mega(func(s measure.Sample) float64 { return s.Growth }), From: from},
		{Goal: "P11", What: "allocations for each item, three stages × 4", Must: 0.02, Limits: true, Of: allocsOf(ours), From: from},
		{What: "heap above the start, what is not collected yet included", Unit: measure.Mega, Of: mega(func(s measure.Sample) float64 { return s.Heap }), From: from},
	}
	return o, nil
}
