package scenarios

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// timing is one peer at one shape, whose samples are nanoseconds for each item.
type timing struct {
	peer peers.Peer
	job  peers.Job
}

// timed returns a variant that times a peer, with as many items as take as long
// as a sample is to take. Before that it checks that all of them come out, whole
// and, where promised, in order.
func timed(ctx context.Context, s Settings, p peers.Peer, j peers.Job) (measure.Variant, error) {
	all := j.Items
	few := all[:min(len(all), max(64, 4096/max(1, p.Slow)))]
	if err := p.Check(ctx, j.Shape, few, j.Step); err != nil {
		return measure.Variant{}, err
	}
	t := timing{peer: p, job: j}
	t.job.Items = few
	once, err := t.take(ctx)
	if err != nil {
		return measure.Variant{}, err
	}
	n := int(float64(s.sample().Nanoseconds()) / once.Value)
	t.job.Items = all[:min(len(all), max(len(few), n))]
	return measure.Variant{Name: p.Name, Run: t.take, Note: p.Note}, nil
}

// take takes one sample.
func (t timing) take(ctx context.Context) (measure.Sample, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	n, err := t.peer.Run(ctx, t.job)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if err == nil && n != len(t.job.Items) {
		err = fmt.Errorf("scenarios: %d items came out of %d", n, len(t.job.Items))
	}
	count := float64(len(t.job.Items))
	return measure.Sample{
		Value:  float64(took.Nanoseconds()) / count,
		Allocs: float64(after.Mallocs-before.Mallocs) / count,
	}, err
}

// throughput makes a scenario of every peer that has a shape.
func throughput(ctx context.Context, s Settings, shape peers.Shape, figures ...measure.Figure) (*measure.Scenario, error) {
	o := &measure.Scenario{Unit: measure.Nanos, Profile: ours, Base: raw, Figures: figures}
	if shape.Ordered {
		o.Base = rawOrdered
	}
	job := peers.Job{Shape: shape, Items: s.items(), Step: work.Trivial}
	for _, p := range slices.Concat(peers.All(), s.Others) {
		if !p.Can(shape) {
			continue
		}
		v, err := timed(ctx, s, p, job)
		if err != nil {
			return nil, err
		}
		o.Variants = append(o.Variants, v)
	}
	return o, nil
}

// The names of the peers that figures are about.
const (
	ours       = "ergon"
	raw        = "raw channels"
	rawOrdered = "raw channels, ordered"
	rill       = "rill"
	concPool   = "conc pool"
	concStream = "conc stream"
)

// Ratio is a figure: how many times what one peer takes another one does.
func Ratio(goal, what, of, to string, must, aim float64) measure.Figure {
	return measure.Figure{
		Goal: goal, What: what, Unit: measure.Times, Must: must, Aim: aim,
		Of: func(r measure.Round) float64 { return r.Ratio(of, to) }, From: []string{of, to},
	}
}

func oneStage() Maker {
	shape := peers.Shape{Stages: 1, Workers: 1}
	return Maker{Name: "one-stage", Title: "One stage, one worker", Goals: []string{"P1", "P4"}, Open: func(ctx context.Context, s Settings) (*measure.Scenario, error) {
		return throughput(ctx, s, shape,
			Ratio("P1", "one stage, one worker ÷ raw channels", ours, raw, 0.85, 0.55),
			Ratio("P4", "one stage, one worker ÷ rill", ours, rill, 0.25, 0.20),
			Ratio("P4", "one stage, one worker ÷ conc pool", ours, concPool, 0.40, 0.30))
	}}
}

func threeStages() Maker {
	shape := peers.Shape{Stages: 3, Workers: 1}
	return Maker{Name: "three-stages", Title: "Three stages, one worker each", Goals: []string{"P2", "P4"}, Open: func(ctx context.Context, s Settings) (*measure.Scenario, error) {
		return throughput(ctx, s, shape,
			Ratio("P2", "three stages × 1 ÷ raw channels", ours, raw, 0.65, 0.50),
			Ratio("P4", "three stages × 1 ÷ rill", ours, rill, 0.25, 0.20),
			Ratio("P4", "three stages × 1 ÷ conc pool", ours, concPool, 0.40, 0.30))
	}}
}

func threeStagesFourWorkers() Maker {
	shape := peers.Shape{Stages: 3, Workers: 4}
	return Maker{Name: "four-workers", Title: "Three stages, four workers each", Goals: []string{"P2", "P4"}, Open: func(ctx context.Context, s Settings) (*measure.Scenario, error) {
		return throughput(ctx, s, shape,
			Ratio("P2", "three stages × 4 ÷ raw channels", ours, raw, 0.65, 0.50),
			Ratio("P4", "three stages × 4 ÷ rill", ours, rill, 0.25, 0.20),
			Ratio("P4", "three stages × 4 ÷ conc pool", ours, concPool, 0.40, 0.30))
	}}
}

func ordered() Maker {
	shape := peers.Shape{Stages: 3, Workers: 4, Ordered: true}
	return Maker{Name: "ordered", Title: "Three stages, four workers each, in order", Goals: []string{"P3", "P4"}, Open: func(ctx context.Context, s Settings) (*measure.Scenario, error) {
		return throughput(ctx, s, shape,
			Ratio("P3", "three stages × 4, ordered ÷ raw channels, ordered", ours, rawOrdered, 0.25, 0.18),
			Ratio("P4", "three stages × 4, ordered ÷ rill", ours, rill, 0.25, 0.20),
			Ratio("P4", "three stages × 4, ordered ÷ conc stream", ours, concStream, 0.25, 0.20),
			Ratio("", "three stages × 4, ordered ÷ raw channels, dealt in turn", ours, "raw channels, dealt in turn", 0, 0),
			Ratio("", "three stages × 4, ordered ÷ raw channels, a channel for each item", ours, "raw channels, a channel for each item", 0, 0))
	}}
}
