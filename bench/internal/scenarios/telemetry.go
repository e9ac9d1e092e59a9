package scenarios

import (
	"context"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// watched is the shape at which telemetry is measured.
var watched = peers.Shape{Stages: 3, Workers: 1}

// tracing is what spans cost beside the SDK that makes them.
func tracing() Maker {
	return Maker{Name: "tracing", Title: "Three stages, every span sampled", Goals: []string{"P12"}, Open: openTracing}
}

func openTracing(ctx context.Context, s Settings) (*measure.Scenario, error) {
	if err := sameSpans(ctx); err != nil {
		return nil, err
	}
	traced, plain := peers.ErgonTraced(peers.Nowhere{}), peers.Ergon()
	hands, hand := peers.SpansByHand(peers.Nowhere{}), peers.SpansByOneHand(peers.Nowhere{})
	o, err := side(ctx, s, traced, hands, hand, plain)
	if err != nil {
		return nil, err
	}
	against := func(by string) measure.Figure {
		return measure.Figure{
			Unit: measure.Times, From: []string{traced.Name, plain.Name, by},
			Of: func(r measure.Round) float64 { return r[traced.Name].Value / (r[plain.Name].Value + r[by].Value) },
		}
	}
	all, one := against(hands.Name), against(hand.Name)
	all.Goal, all.Must, all.Aim = "P12", 1.15, 1
	all.What = "three stages × 1, every span sampled ÷ (untraced + the SDK's part, on all processors)"
	one.What = "the same ÷ (untraced + the SDK's part, on one goroutine)"
	o.Figures = []measure.Figure{all, one, over("", "what tracing adds for each item of three stages × 1", traced.Name, plain.Name, 0, 0)}
	return o, nil
}

// measuring is what metrics cost a stage that is not measured attempt by attempt.
func measuring() Maker {
	return Maker{Name: "metrics", Title: "Three stages, with metrics", Goals: []string{"P13"}, Open: openMetrics}
}

func openMetrics(ctx context.Context, s Settings) (*measure.Scenario, error) {
	measured, plain := peers.ErgonMeasured(), peers.Ergon()
	o, err := side(ctx, s, measured, plain)
	if err != nil {
		return nil, err
	}
	o.Figures = []measure.Figure{{
		Goal: "P13", What: "metrics, for each stage and item", Unit: measure.Nanos, Must: 25, Aim: 10,
		Of: func(r measure.Round) float64 {
			return (r[measured.Name].Value - r[plain.Name].Value) / float64(watched.Stages)
		},
		From: []string{measured.Name, plain.Name},
	}}
	return o, nil
}

// side times peers beside each other, the first of which is profiled.
func side(ctx context.Context, s Settings, all ...peers.Peer) (*measure.Scenario, error) {
	o := &measure.Scenario{Unit: measure.Nanos, Profile: all[0].Name}
	for _, p := range all {
		v, err := timed(ctx, s, p, peers.Job{Shape: watched, Items: s.items(), Step: work.Trivial})
		if err != nil {
			return nil, err
		}
		o.Variants = append(o.Variants, v)
	}
	return o, nil
}
