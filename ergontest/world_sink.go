package ergontest

import (
	"context"
	"reflect"

	"github.com/ergon-go/ergon"
)

// worldSink is a Sink whose director says what goes wrong.
type worldSink[Out any] struct {
	*Sink[Out]
	name     string
	director director
}

func (s *worldSink[Out]) place() string { return s.name }

func (s *worldSink[Out]) holds() reflect.Type { return reflect.TypeFor[Out]() }

func (s *worldSink[Out]) sent() int {
	n := 0
	for _, b := range s.Batches() {
		n += b.Stored
	}
	return n
}

// newWorldSink returns an empty one.
func newWorldSink[Out any](name string, d director) *worldSink[Out] {
	kept := &Sink[Out]{}
	kept.OnDispatch = func(ctx context.Context, _ int, _ []ergon.Transaction[Out]) error { return itemsIn(ctx) }
	return &worldSink[Out]{Sink: kept, name: name, director: d}
}

// Dispatch stores what the director lets through.
func (s *worldSink[Out]) Dispatch(ctx context.Context, txs []ergon.Transaction[Out]) error {
	concerns(ctx, ergon.KindDispatch, txs) // those too that do not get through
	at := crossingOf(ctx)
	c := crossing{kind: ergon.KindDispatch, place: s.name, stage: at.stage, ids: idsOf(txs), attempt: at.attempt, world: true}
	return s.director.around(ctx, c, func(ctx context.Context) error {
		return s.Sink.Dispatch(withItems(ctx, s.director.items(ctx, c)), txs)
	})
}

type itemsKey struct{}

// withItems returns the context of a call in which single items go wrong, and
// itemsIn what that is.
func withItems(ctx context.Context, errs ergon.ItemErrors) context.Context {
	return context.WithValue(ctx, itemsKey{}, errs)
}

func itemsIn(ctx context.Context) error {
	if errs, _ := ctx.Value(itemsKey{}).(ergon.ItemErrors); errs != nil {
		return errs
	}
	return nil
}

func idsOf[T any](txs []ergon.Transaction[T]) []string {
	ids := make([]string, len(txs))
	for i, tx := range txs {
		ids[i] = tx.ID()
	}
	return ids
}
