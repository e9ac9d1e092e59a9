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
func (p *pool[T]) meddle() {
	attempt := p.attempt
	p.attempt = func(ctx context.Context, c *call, items []Item[T], into place) error {
		return p.around(ctx, c, (*load[T])(&items), func(ctx context.Context) error { return attempt(ctx, c, items, into) })
	}
	if p.one == nil {
		return
	}
	p.one = func(ctx context.Context, c *call, item *Item[T], into place) error {
		results := place{}
		if p.body.out != nil {
			results.tray = p.body.out.tray()
			results.tray.room(1)
		}
		err := p.attempt(ctx, c, []Item[T]{*item}, results)
		if results.tray != nil {
			into.tray.take(into.at, results.tray, 0)
		}
		return err
	}
}

// around lets a test kit make one attempt.
func (p *core) around(ctx context.Context, c *call, t things, attempt func(context.Context) error) error {
	about := lab.Call{Kind: p.body.kind, Stage: p.step.Name, Attempt: c.task.attempts() + 1, IDs: namesOf(t)}
	return p.run.lab.Around(ctx, about, attempt)
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
