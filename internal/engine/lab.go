package engine

import (
	"context"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/retry"
)

// delay returns the wait before a retry.
func (r *Run) delay(p retry.Policy, again int) time.Duration {
	if r.lab == nil {
		return p.Delay(again)
	}
	whole := p
	whole.Jitter = retry.NoJitter
	return p.Jitter.Spread(whole.Delay(again), r.lab.Draw)
}

// meddle lets a test kit stand between a pool and what it calls.
func (p *pool[T, R]) meddle() {
	attempt := p.meddled(p.body.attempt)
	p.body.attempt = attempt
	if p.body.one == nil {
		return
	}
	p.body.one = func(ctx context.Context, c *call[T, R], _ *T, result *R) error {
		var results [1]R
		err := attempt(ctx, c, results[:])
		*result = results[0]
		return err
	}
}

// meddled returns what a pool calls where a test kit stands between.
func (p *pool[T, R]) meddled(attempt func(context.Context, *call[T, R], []R) error) func(context.Context, *call[T, R], []R) error {
	around := p.run.lab.Around
	return func(ctx context.Context, c *call[T, R], results []R) error {
		about := lab.Call{Kind: p.body.kind, Stage: p.step.Name, Attempt: c.task.attempts() + 1}
		for _, v := range c.items {
			about.IDs = append(about.IDs, nameOf(v, p.body.node(v)))
		}
		return around(ctx, about, func(ctx context.Context) error { return attempt(ctx, c, results) })
	}
}

// identified is what has an id of its own, other than that of the transaction it came
// of.
type identified interface{ name() string }

func nameOf(v any, n *node) string {
	if own, ok := v.(identified); ok {
		return own.name()
	}
	return n.id()
}

// tell tells a test kit of a failure, and of the others of the same transaction.
func (o *origin[In]) tell() {
	l := o.run.lab
	if l == nil || l.Failed == nil {
		return
	}
	for _, f := range append([]ergon.Failure[In]{*o.failure}, o.failure.Also...) {
		l.Failed(lab.Failure{
			ID: o.id(), Stage: f.Stage, Err: f.Err, Category: f.Category, Verdict: f.Verdict, Attempts: f.Attempts,
		})
	}
}
