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

// Letters sets where dead letters of a pipe go. as makes the letter's payload of
// a failure; it is user code, so it has a pool of its own, where it can fail for
// one letter alone.
func Letters[In, R any](p *Pipe[In], s *Step, as func(ergon.Failure[In]) R, to ergon.Sink[R]) {
	sink := newLetterSink(p, s, to)
	writing := *s
	writing.Workers, writing.Batch, writing.Settings = 1, 0, stage.Settings{}
	writing.Retry = retry.Policy{MaxAttempts: 1}
	b := originBody[In](ergon.KindAttempt)
	b.out = &way[*ergon.Transaction[R]]{put: func(slab []Item[*ergon.Transaction[R]]) {
		sink.put(slab)
		p.run.quietLetters()
	}}
	b.passed = func(*node) {}
	b.failed = func(n *node, f fault) { originOf[In](n).letterFailed(f.err) }
	p.letters = newPool(p.run, &writing, b, calls[*origin[In]]{attempt: func(_ context.Context, _ *call, origins []Item[*origin[In]], into place) error {
		o := origins[0].payload
		f := *o.failure
		f.Err, f.Verdict = o.answer.err, ergon.DeadLettered
		tx := label(o.head.With(as(f)), *o.failure)
		*resultAt[*ergon.Transaction[R]](into, 0) = become(origins[0], &tx)
		return nil
	}})
}

// newLetterSink returns the pool that stores dead letters.
func newLetterSink[In, R any](p *Pipe[In], s *Step, to ergon.Sink[R]) *pool[*ergon.Transaction[R]] {
	b := originBody[In](ergon.KindDispatch)
	b.destination = destinationOf(to)
	b.late = true
	b.passed = func(n *node) { originOf[In](n).settle(deadLettered, ergon.Acked, 0, nil) }
	b.failed = func(n *node, f fault) {
		if s.Settings.BestEffort {
			p.run.books.bestEffort.Add(1)
			b.passed(n)
			return
		}
		originOf[In](n).letterFailed(f.err)
	}
	sink := newPool(p.run, s, b, calls[*ergon.Transaction[R]]{attempt: func(ctx context.Context, _ *call, letters []Item[*ergon.Transaction[R]], _ place) error {
		txs := make([]ergon.Transaction[R], len(letters))
		for i, l := range letters {
			txs[i] = *l.payload
		}
		return to.Dispatch(ctx, txs)
	}})
	if s.Batch > 1 {
		p.run.letters = func() (int, func()) { return sink.queue.Filling(), func() { sink.queue.Flush() } }
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
