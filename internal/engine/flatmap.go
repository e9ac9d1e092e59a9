package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// errNoSequence says that a FlatMap function returned nil.
var errNoSequence = ergon.Permanent(errors.New("pipeline: FlatMap: the function returned no sequence"))

// FlatMap returns the port of a stage that makes any number of items of one.
// Each is handed on as soon as it is yielded.
func FlatMap[T, Next any](r *Run, s *Step, fn func(context.Context, T) iter.Seq2[Next, error], out Port[Next]) Port[T] {
	way := &way[Next]{put: out.put}
	b := stageBody(r, s, way)
	end := b.dropped // what came of it has units of its own
	b.passed, b.splits = end, true
	return newPool(r, s, b, calls[T]{attempt: func(ctx context.Context, c *call, items []Item[T], _ place) error {
		return (&splitting[T, Next]{run: r, step: s, call: c, out: way, parent: items[0], began: time.Now()}).do(ctx, fn)
	}})
}

// splitting is one attempt of a FlatMap. What an earlier attempt handed on is
// skipped, since the same input yields the same sequence.
type splitting[T, Next any] struct {
	run    *Run
	step   *Step
	call   *call
	out    *way[Next]
	parent Item[T]
	head   head
	began  time.Time
}

func (s *splitting[T, Next]) do(ctx context.Context, fn func(context.Context, T) iter.Seq2[Next, error]) error {
	sequence := fn(ctx, s.parent.payload)
	if sequence == nil {
		return errNoSequence
	}
	s.head = *headOf(&s.parent)
	s.head = s.head.WithID(s.head.ID()) // put together once, for all children
	at := 0
	var last error // of the children that fail alone
	for next, err := range sequence {
		if err != nil && !s.alone(err) {
			return err
		}
		ordinal := at
		at++
		if err != nil {
			last = err
		}
		if s.known(ordinal, err) {
			continue
		}
		s.one(ordinal, next, err)
		s.call.task.skip = max(at, s.call.task.skip)
		if s.run.isOver() || s.call.pool.isExpired() || s.parent.node.has(lost) {
			return context.Cause(ctx)
		}
	}
	if skip := s.call.task.skip; at < skip {
		return errors.Join(fmt.Errorf("%w: %d, and %d before", ErrSequence, at, skip), last)
	}
	return nil
}

// ErrSequence says that a FlatMap function yielded fewer values than it did for
// the same input before.
var ErrSequence = errors.New("pipeline: FlatMap: the sequence is shorter than before")

// alone reports whether an error that was yielded fails one child alone, because
// trying again could not help it. Any other fails the attempt.
func (s *splitting[T, Next]) alone(err error) bool {
	act := s.call.pool.rule(err, false).act
	return act == actFail || act == actDrop
}

// known reports whether a child has been dealt with in an earlier attempt. One
// that was handed on then and fails now is not: something is wrong with it.
func (s *splitting[T, Next]) known(ordinal int, err error) bool {
	t := s.call.task
	return ordinal < t.skip && (err == nil || slices.Contains(t.bad, ordinal))
}

// one deals with one child that has not been dealt with before.
func (s *splitting[T, Next]) one(ordinal int, next Next, err error) {
	if err == nil {
		s.hand(ordinal, next)
		return
	}
	s.call.task.bad = append(s.call.task.bad, ordinal)
	r := s.call.pool.rule(err, false)
	if r.act == actDrop {
		return
	}
	s.parent.node.fail(fault{
		stage: s.step.Name, err: r.err, category: r.category, verdict: r.verdict, delay: r.delay,
		attempts: s.attempts(err), item: ordinal, value: s.parent.payload,
	})
}

// attempts returns the attempts that were made for a child that fails alone:
// those of its parent, and this one.
func (s *splitting[T, Next]) attempts(err error) []ergon.Attempt {
	t := tries{}
	if all := s.call.task.tries; all != nil {
		t = all[0]
		t.history = slices.Clone(t.history)
	}
	t.note(ergon.Attempt{Number: t.count + 1, Start: s.began, Duration: time.Since(s.began), Wait: t.wait, Err: err})
	return t.history
}

// hand hands one child on. The time of the attempt stands still meanwhile.
func (s *splitting[T, Next]) hand(ordinal int, next Next) {
	child := become(s.parent, next)
	child.own = &own{head: s.head.Child(ordinal, struct{}{}), key: keyOf(s.parent), ordinal: ordinal}
	if l := s.run.lab; l != nil && l.Child != nil {
		l.Child(headOf(&child).ID(), s.head.ID())
	}
	s.parent.node.add(1)
	s.parent.node.more(s.step.Below, 1)
	s.run.move(1)
	since := time.Now()
	s.call.clock.pause()
	defer func() {
		s.call.clock.resume()
		s.call.stood += time.Since(since)
	}()
	if turn := s.call.task.turn; turn != nil {
		s.out.line.Deliver(turn.ticket, child)
		return
	}
	s.out.put([]Item[Next]{child})
}
