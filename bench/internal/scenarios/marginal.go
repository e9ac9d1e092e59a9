package scenarios

import (
	"context"
	"fmt"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// deep is how many stages the longer pipeline of stages has.
const deep = 5

// stages is what one stage more costs.
func stages() Maker {
	return Maker{Name: "stages", Title: "One stage more", Goals: []string{"P10"}, Open: func(ctx context.Context, s Settings) (*measure.Scenario, error) {
		long, short := peers.Shape{Stages: deep, Workers: 1}, peers.Shape{Stages: 1, Workers: 1}
		o, err := shaped(ctx, s, []peers.Peer{peers.Ergon(), peers.Raw(), peers.Rill()}, long, short)
		if err != nil {
			return nil, err
		}
		more := func(r measure.Round, peer string) float64 {
			return (r[shapedName(peer, long)].Value - r[shapedName(peer, short)].Value) / (deep - 1)
		}
		both := func(peer string) []string { return []string{shapedName(peer, long), shapedName(peer, short)} }
		extra := func(peer string) measure.Figure {
			return measure.Figure{What: "an extra stage, " + peer, Unit: measure.Nanos, Of: func(r measure.Round) float64 { return more(r, peer) }, From: both(peer)}
		}
		o.Figures = []measure.Figure{
			{
				Goal: "P10", What: "an extra stage ÷ raw channels' extra stage", Unit: measure.Times, Must: 0.60, Aim: 0.45,
				Of: func(r measure.Round) float64 { return more(r, ours) / more(r, raw) }, From: append(both(ours), both(raw)...),
			},
			extra(ours), extra(raw),
		}
		return o, nil
	}}
}

// workers is what many workers cost where one would do.
func workers() Maker {
	return Maker{Name: "workers", Title: "1 → 256 workers", Goals: []string{"P10"}, Open: func(ctx context.Context, s Settings) (*measure.Scenario, error) {
		one, many := peers.Shape{Stages: 1, Workers: 1}, peers.Shape{Stages: 1, Workers: 256}
		o, err := shaped(ctx, s, []peers.Peer{peers.Ergon(), peers.Raw()}, one, many)
		if err != nil {
			return nil, err
		}
		o.Figures = []measure.Figure{
			Ratio("P10", "256 workers ÷ 1 worker", shapedName(ours, many), shapedName(ours, one), 2, 0),
			Ratio("", "256 workers ÷ 1 worker, raw channels", shapedName(raw, many), shapedName(raw, one), 0, 0),
		}
		return o, nil
	}}
}

// shaped makes a scenario of peers at several shapes.
func shaped(ctx context.Context, s Settings, all []peers.Peer, shapes ...peers.Shape) (*measure.Scenario, error) {
	o := &measure.Scenario{Unit: measure.Nanos, Profile: shapedName(ours, shapes[0])}
	items := s.items()
	for _, shape := range shapes {
		for _, p := range all {
			v, err := timed(ctx, s, p, peers.Job{Shape: shape, Items: items, Step: work.Trivial})
			if err != nil {
				return nil, err
			}
			v.Name, v.Note = shapedName(p.Name, shape), ""
			o.Variants = append(o.Variants, v)
		}
	}
	return o, nil
}

func shapedName(peer string, s peers.Shape) string { return fmt.Sprintf("%s, %s", peer, s) }
