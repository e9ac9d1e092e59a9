package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// The metadata of a dead letter.
const (
	MetaStage    = "ergon.stage"
	MetaCategory = "ergon.category"
	MetaAttempts = "ergon.attempts"
	MetaReason   = "ergon.reason"
)

// letter is a dead letter on its way to its sink.
type letter[In, R any] struct {
	origin *origin[In]
	tx     ergon.Transaction[R]
}

// Letters sets where dead letters of a pipe go. as makes the letter's payload of
// a failure; it is user code, so it has a pool of its own, where it can fail for
// one letter alone.
func Letters[In, R any](p *Pipe[In], s *Step, as func(ergon.Failure[In]) R, to ergon.Sink[R]) {
	sink := newLetterSink(p, s, to)
	writing := *s
	writing.Workers, writing.Batch, writing.Settings = 1, 0, stage.Settings{}
	writing.Retry = retry.Policy{MaxAttempts: 1}
	b := originBody[In, *letter[In, R]](ergon.KindAttempt)
	b.attempt = func(_ context.Context, c *call[*origin[In], *letter[In, R]], results []*letter[In, R]) error {
		o := c.items[0]
		f := *o.failure
		f.Err, f.Verdict = o.answer.err, ergon.DeadLettered
		results[0] = &letter[In, R]{o, label(o.head.With(as(f)), *o.failure)}
		return nil
	}
	b.forward = func(slab []*letter[In, R]) {
		sink.put(slab)
		p.run.quietLetters()
	}
	b.passed = func(*origin[In]) {}
	b.failed = func(o *origin[In], f fault) { o.letterFailed(f.err) }
	p.letters = newPool(p.run, &writing, b)
}

// newLetterSink returns the pool that stores dead letters.
func newLetterSink[In, R any](p *Pipe[In], s *Step, to ergon.Sink[R]) *pool[*letter[In, R], struct{}] {
	done := func(l *letter[In, R]) { l.origin.settle(deadLettered, ergon.Acked, 0, nil) }
	b := body[*letter[In, R], struct{}]{
		kind: ergon.KindDispatch, node: func(l *letter[In, R]) *node { return &l.origin.node },
		late: true, passed: done,
		released: func(l *letter[In, R]) { l.origin.settle(releasedRow, ergon.Released, 0, nil) },
		dropped:  func(l *letter[In, R]) { l.origin.settle(dropped, ergon.Acked, 0, nil) },
		failed: func(l *letter[In, R], f fault) {
			if s.Settings.BestEffort {
				p.run.books.bestEffort.Add(1)
				done(l)
				return
			}
			l.origin.letterFailed(f.err)
		},
	}
	b.attempt = func(ctx context.Context, c *call[*letter[In, R], struct{}], _ []struct{}) error {
		txs := make([]ergon.Transaction[R], len(c.items))
		for i, l := range c.items {
			txs[i] = l.tx
		}
		return to.Dispatch(ctx, txs)
	}
	sink := newPool(p.run, s, b)
	if s.Batch > 1 {
		p.run.letters = func() (int, func()) { return sink.queue.Filling(), func() { sink.flush() } }
	}
	return sink
}

// letterFailed is the end of a transaction that could not be set aside.
func (o *origin[In]) letterFailed(why error) {
	err := errors.Join(o.answer.err, fmt.Errorf("pipeline: dead letter: %w", why))
	o.answer = answer{verdict: ergon.Returned, delay: unset, row: returned, err: err}
	o.carryOut()
}

// label writes on a dead letter why it is one. Only a Business error gives a
// reason: its text is meant for people.
func label[In, R any](tx ergon.Transaction[R], f ergon.Failure[In]) ergon.Transaction[R] {
	tx = tx.WithMeta(MetaStage, f.Stage).WithMeta(MetaCategory, f.Category.String()).WithMeta(MetaAttempts, attemptsOf(f))
	if f.Category == ergon.CategoryBusiness {
		tx = tx.WithMeta(MetaReason, ergon.CutText(f.Err.Error()))
	}
	return tx
}

// attemptsOf returns how many attempts there were, those not kept included.
func attemptsOf[In any](f ergon.Failure[In]) int {
	if len(f.Attempts) == 0 {
		return 0
	}
	return f.Attempts[len(f.Attempts)-1].Number
}
