package scenarios

import (
	"context"
	"fmt"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// cpu is a microsecond of computing for each item. A sample is the share of the
// time that was used for it, in per cent: the ideal, taken before and after, ÷
// what it took.
func cpu() Maker {
	return Maker{Name: "cpu", Title: "1 µs of computing for each item", Goals: []string{"P5"}, Open: openCPU, Most: 3}
}

func openCPU(ctx context.Context, s Settings) (*measure.Scenario, error) {
	o := &measure.Scenario{Unit: measure.Percent, Profile: "ergon, 2 workers"}
	step := work.Busy(time.Microsecond)
	items := work.Items(s.Some(200_000, 50_000, 1000))
	for _, workers := range []int{2, 8} {
		for _, p := range []peers.Peer{peers.Ergon(), peers.Raw(), peers.Rill()} {
			j := peers.Job{Shape: peers.Shape{Stages: 1, Workers: workers}, Items: items, Step: step}
			v, err := efficiency(ctx, p, j)
			if err != nil {
				return nil, err
			}
			o.Variants = append(o.Variants, v)
			f := measure.Figure{What: "1 µs of CPU, " + v.Name + ": share of the ideal", Unit: measure.Percent, Of: ValueOf(v.Name), From: []string{v.Name}, Least: true}
			if p.Name == ours {
				f.Goal, f.Must, f.Aim = "P5", 85, 92
			}
			o.Figures = append(o.Figures, f)
		}
	}
	return o, nil
}

func efficiency(ctx context.Context, p peers.Peer, j peers.Job) (measure.Variant, error) {
	if err := p.Check(ctx, j.Shape, j.Items[:1000], j.Step); err != nil {
		return measure.Variant{}, err
	}
	t := timing{peer: p, job: j}
	return measure.Variant{Name: fmt.Sprintf("%s, %d workers", p.Name, j.Workers), Run: func(ctx context.Context) (measure.Sample, error) {
		before := ideal(j)
		sample, err := t.take(ctx)
		around := (before + ideal(j)) / 2
		sample.Value = 100 * float64(around.Nanoseconds()) / (sample.Value * float64(len(j.Items)))
		return sample, err
	}}, nil
}

// ValueOf returns what takes the value of a variant as the figure.
func ValueOf(variant string) func(measure.Round) float64 {
	return func(r measure.Round) float64 { return r[variant].Value }
}

// allocsOf returns what takes the allocations of a variant as the figure.
func allocsOf(variant string) func(measure.Round) float64 {
	return func(r measure.Round) float64 { return r[variant].Allocs }
}
