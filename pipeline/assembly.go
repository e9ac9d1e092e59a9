package pipeline

import (
	"context"

	"github.com/ergon-go/ergon/internal/engine"
)

// assembly is a description being built for one run.
type assembly[In any] struct {
	plan    *plan
	run     *engine.Run
	pipe    *engine.Pipe[In]
	entries map[*entry]any // the ports at which branches begin
}

// run builds the pipeline, anew for each run, and runs it.
func (d *ended[In]) run(ctx context.Context, s *state, streaming bool) error {
	plan := d.plan()
	c := plan.config(streaming)
	c.Control = &s.control
	r := engine.NewRun(ctx, c)
	if !s.enter(r) {
		return ErrRunning
	}
	var out engine.Outcome
	defer func() { s.leave(out.Ledger) }()
	a := &assembly[In]{plan: plan, run: r, pipe: engine.NewPipe(r, d.head.source), entries: map[*entry]any{}}
	d.attach(a)
	for _, e := range []*ending[In]{d.head.onError, d.head.letters, d.head.success} {
		if e != nil {
			e.build(a, plan.steps[e.step])
		}
	}
	a.pipe.Parts(plan.parts())
	out = a.pipe.Drive(ctx)
	return errorOf(out)
}

// parts returns the connectors in the order in which they are started.
func (p *plan) parts() []engine.Part {
	parts := []engine.Part{{Name: "source", Value: p.source}}
	for _, s := range p.sinks {
		parts = append(parts, engine.Part{Name: p.steps[s].Name, Value: s.sink})
	}
	return parts
}
