package engine

import (
	"context"
	"errors"
	"iter"

	"github.com/ergon-go/ergon"
)

// errNoSequence says that a FlatMap function returned nil.
var errNoSequence = ergon.Permanent(errors.New("pipeline: FlatMap: the function returned no sequence"))

// FlatMap returns the port of a stage that makes any number of items of one.
// Each is handed on as soon as it is yielded.
func FlatMap[T, Next any](r *Run, s *Step, fn func(context.Context, T) iter.Seq2[Next, error], out Port[Next]) Port[T] {
	b := stageBody[T, Item[Next]](r, s)
	end := b.dropped // what came of it has units of its own
	b.passed = end
	b.forward, b.splits = out.put, true
	b.attempt = func(ctx context.Context, c *call[Item[T], Item[Next]], _ []Item[Next]) error {
		return (&splitting[T, Next]{run: r, step: s, call: c, out: out, parent: c.items[0]}).do(ctx, fn)
	}
	return newPool(r, s, b)
}

// splitting is one attempt of a FlatMap. What an earlier attempt handed on is
// skipped, since the same input yields the same sequence.
type splitting[T, Next any] struct {
	run    *Run
	step   *Step
	call   *call[Item[T], Item[Next]]
	out    Port[Next]
	parent Item[T]
	err    error
}

func (s *splitting[T, Next]) do(ctx context.Context, fn func(context.Context, T) iter.Seq2[Next, error]) error {
	sequence := fn(ctx, s.parent.tx.Payload())
	if sequence == nil {
		return errNoSequence
	}
	s.parent.tx = s.parent.tx.WithID(s.parent.tx.ID()) // put together once, for all children
	at := 0
	for next, err := range sequence {
		ordinal := at
		at++
		if ordinal < s.call.task.skip {
			continue
		}
		if err != nil && !s.failOne(ordinal, err) {
			return err
		}
		if err == nil {
			s.hand(ordinal, next)
		}
		s.call.task.skip = at
		if s.run.isOver() || s.call.pool.isExpired() || s.parent.node.has(lost) {
			return context.Cause(ctx)
		}
	}
	return nil
}

// failOne deals with an error that was yielded. Where trying again cannot help,
// that one child has failed and the others go on; otherwise the attempt has.
func (s *splitting[T, Next]) failOne(ordinal int, err error) bool {
	r := s.call.pool.rule(err, false)
	switch r.act {
	case actDrop:
		return true
	case actFail:
		s.parent.node.fail(fault{
			stage: s.step.Name, err: r.err, category: r.category, verdict: r.verdict, delay: r.delay,
			item: ordinal, value: s.parent.tx.Payload(),
		})
		return true
	}
	return false
}

// hand hands one child on. The time of the attempt stands still meanwhile.
func (s *splitting[T, Next]) hand(ordinal int, next Next) {
	child := Item[Next]{tx: s.parent.tx.Child(ordinal, next), node: s.parent.node, key: s.parent.key, ordinal: ordinal}
	s.parent.node.add(1)
	s.parent.node.more(s.step.Below, 1)
	s.run.move(1)
	if turn := s.call.task.turn; turn != nil {
		s.call.pool.line.Add(turn.ticket, child)
		return
	}
	s.call.clock.pause()
	s.out.put([]Item[Next]{child})
	s.call.clock.resume()
}
