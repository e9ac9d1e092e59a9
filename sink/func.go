package sink

import (
	"context"

	"github.com/ergon-go/ergon"
)

// Func returns a sink that calls store for each batch. It answers as Dispatch of
// ergon.Sink does: nil once all are safely stored, ergon.ItemErrors where some
// are not, any other error where none is. Since a transaction may be handed over
// again, store does well to recognise ids. It must not keep the slice.
func Func[T any](store func(ctx context.Context, txs []ergon.Transaction[T]) error) ergon.Sink[T] {
	return function[T](store)
}

type function[T any] func(context.Context, []ergon.Transaction[T]) error

func (f function[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	if err := f.Validate(); err != nil {
		return ergon.Fatal(err)
	}
	return f(ctx, txs)
}

// Validate refuses a nil function.
func (f function[T]) Validate() error {
	if f == nil {
		return fault("sink.Func", "store", "is nil")
	}
	return nil
}
