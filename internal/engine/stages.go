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
func stageBody[T, R any](r *Run, s *Step) body[Item[T], R] {
	leave := func(i Item[T]) {
		i.node.left(s.Below)
		r.move(-1)
		i.node.end()
	}
	return body[Item[T], R]{
		kind: ergon.KindAttempt, node: nodeOf[T], key: keyOf[T], value: payloadOf[T], item: ordinalOf[T], budget: true,
		passed:   func(Item[T]) {},
		failed:   func(i Item[T], f fault) { i.node.fail(f); leave(i) },
		dropped:  leave,
		released: func(i Item[T]) { i.node.mark(released); leave(i) },
		lost:     leave,
	}
}

// Map returns the port of a stage that calls fn for each item.
func Map[T, Next any](r *Run, s *Step, fn func(context.Context, T) (Next, error), out Port[Next]) Port[T] {
	b := stageBody[T, Item[Next]](r, s)
	b.forward, b.carried = out.put, out.pass
	b.one = func(ctx context.Context, _ *call[Item[T], Item[Next]], item *Item[T], result *Item[Next]) (err error) {
		result.payload, err = fn(ctx, item.payload)
		result.node, result.own = item.node, item.own
		return err
	}
	return newPool(r, s, b)
}

// Transform returns the port of a stage that sees the transaction and may set
// its metadata. Id and delivery count stay as they were.
func Transform[T, Next any](r *Run, s *Step, fn func(context.Context, ergon.Transaction[T]) (ergon.Transaction[Next], error), out Port[Next]) Port[T] {
	b := stageBody[T, Item[Next]](r, s)
	b.forward, b.carried = out.put, out.pass
	b.one = func(ctx context.Context, _ *call[Item[T], Item[Next]], item *Item[T], result *Item[Next]) error {
		next, err := fn(ctx, item.tx())
		*result = become(*item, next.Payload())
		if had := item.owned(); had.head.Metadata() != next.Metadata() {
			had.head = had.head.WithMetadata(next.Metadata())
			result.own = &had
		}
		return err
	}
	return newPool(r, s, b)
}

// Filter returns the port of a stage that keeps some items and drops the rest.
func Filter[T any](r *Run, s *Step, keep func(T) bool, out Port[T]) Port[T] {
	b := stageBody[T, Item[T]](r, s)
	b.forward, b.carried = out.put, out.pass
	b.one = func(_ context.Context, _ *call[Item[T], Item[T]], item, result *Item[T]) error {
		*result = *item
		if !keep(item.payload) {
			return errFiltered
		}
		return nil
	}
	return newPool(r, s, b)
}

// KeyBy returns the port of a stage that gives each item its key.
func KeyBy[T any](r *Run, s *Step, key func(ergon.Transaction[T]) string, out Port[T]) Port[T] {
	b := stageBody[T, Item[T]](r, s)
	b.forward, b.carried = out.put, out.pass
	b.one = func(_ context.Context, _ *call[Item[T], Item[T]], item, result *Item[T]) error {
		*result = *item
		had := item.owned()
		had.key = key(item.tx())
		result.own = &had
		return nil
	}
	return newPool(r, s, b)
}

// ErrResults says that a bulk function returned another number of results than
// it was given values.
var ErrResults = errors.New("pipeline: MapBatch: wrong number of results")

// MapBatch returns the port of a stage that calls fn for up to Batch items at
// once; results belong to values by index.
func MapBatch[T, Next any](r *Run, s *Step, fn func(context.Context, []T) ([]Next, error), out Port[Next]) Port[T] {
	b := stageBody[T, Item[Next]](r, s)
	b.forward, b.gathers = out.put, true
	b.attempt = func(ctx context.Context, c *call[Item[T], Item[Next]], results []Item[Next]) error {
		values := make([]T, len(c.items))
		for i, item := range c.items {
			values[i] = item.payload
		}
		next, err := fn(ctx, values)
		errs := ergon.ItemErrorsOf(err, len(values))
		if len(next) != len(values) && !allFailed(errs) {
			return fmt.Errorf("%w: %d for %d", ErrResults, len(next), len(values))
		}
		for i := range min(len(next), len(values)) {
			if errs == nil || errs[i] == nil {
				results[i] = become(c.items[i], next[i])
			}
		}
		if errs == nil {
			return nil
		}
		return errs
	}
	return newPool(r, s, b)
}

func allFailed(errs ergon.ItemErrors) bool {
	for _, err := range errs {
		if err == nil {
			return false
		}
	}
	return len(errs) > 0
}
