package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
)

// errFiltered ends an item that a filter does not keep. It is one value, so that
// dropping costs no memory.
var errFiltered = ergon.Drop("filtered out")

// stageBody returns what all stages have in common.
func stageBody(r *Run, s *Step, out outlet) body {
	leave := func(n *node) {
		n.left(s.Below)
		r.move(-1)
		n.end()
	}
	return body{
		kind: ergon.KindAttempt, out: out, stage: true, budget: true,
		passed:   func(*node) {},
		failed:   func(n *node, f fault) { n.fail(f); leave(n) },
		dropped:  leave,
		released: func(n *node) { n.mark(released); leave(n) },
		lost:     leave,
	}
}

// oneByOne returns a stage that makes one item of each by itself.
func oneByOne[T, Next any](r *Run, s *Step, out Port[Next], one func(ctx context.Context, item *Item[T], result *Item[Next]) error) Port[T] {
	return newPool(r, s, stageBody(r, s, onto(out)), calls[T]{one: func(ctx context.Context, _ *call, item *Item[T], into place) error {
		return one(ctx, item, resultAt[Next](into, 0))
	}})
}

// Map returns the port of a stage that calls fn for each item. It is oneByOne, but for
// one call less: this is what has to be quick.
func Map[T, Next any](r *Run, s *Step, fn func(context.Context, T) (Next, error), out Port[Next]) Port[T] {
	return newPool(r, s, stageBody(r, s, onto(out)), calls[T]{one: func(ctx context.Context, _ *call, item *Item[T], into place) (err error) {
		result := resultAt[Next](into, 0)
		result.payload, err = fn(ctx, item.payload)
		result.node, result.own = item.node, item.own
		return err
	}})
}

// Transform returns the port of a stage that sees the transaction and may set
// its metadata. Id and delivery count stay as they were.
func Transform[T, Next any](r *Run, s *Step, fn func(context.Context, ergon.Transaction[T]) (ergon.Transaction[Next], error), out Port[Next]) Port[T] {
	return oneByOne(r, s, out, func(ctx context.Context, item *Item[T], result *Item[Next]) error {
		next, err := fn(ctx, txOf(item))
		*result = become(*item, next.Payload())
		if had := ownOf(item); had.head.Metadata() != next.Metadata() {
			had.head = had.head.WithMetadata(next.Metadata())
			result.own = &had
		}
		return err
	})
}

// Filter returns the port of a stage that keeps some items and drops the rest.
func Filter[T any](r *Run, s *Step, keep func(T) bool, out Port[T]) Port[T] {
	return oneByOne(r, s, out, func(_ context.Context, item, result *Item[T]) error {
		*result = *item
		if !keep(item.payload) {
			return errFiltered
		}
		return nil
	})
}

// KeyBy returns the port of a stage that gives each item its key.
func KeyBy[T any](r *Run, s *Step, key func(ergon.Transaction[T]) string, out Port[T]) Port[T] {
	return oneByOne(r, s, out, func(_ context.Context, item, result *Item[T]) error {
		*result = *item
		had := ownOf(item)
		had.key = key(txOf(item))
		result.own = &had
		return nil
	})
}

// ErrResults says that a bulk function returned another number of results than
// it was given values.
var ErrResults = errors.New("pipeline: MapBatch: wrong number of results")

// MapBatch returns the port of a stage that calls fn for up to Batch items at
// once; results belong to values by index.
func MapBatch[T, Next any](r *Run, s *Step, fn func(context.Context, []T) ([]Next, error), out Port[Next]) Port[T] {
	b := stageBody(r, s, &way[Next]{put: out.put})
	b.gathers = true
	return newPool(r, s, b, calls[T]{attempt: func(ctx context.Context, _ *call, items []Item[T], into place) error {
		values := make([]T, len(items))
		for i, item := range items {
			values[i] = item.payload
		}
		next, err := fn(ctx, values)
		errs := ergon.ItemErrorsOf(err, len(values))
		if len(next) != len(values) && !allFailed(errs) {
			return fmt.Errorf("%w: %d for %d", ErrResults, len(next), len(values))
		}
		for i := range min(len(next), len(values)) {
			if errs == nil || errs[i] == nil {
				*resultAt[Next](into, i) = become(items[i], next[i])
			}
		}
		if errs == nil {
			return nil
		}
		return errs
	}})
}

func allFailed(errs ergon.ItemErrors) bool {
	for _, err := range errs {
		if err == nil {
			return false
		}
	}
	return len(errs) > 0
}
