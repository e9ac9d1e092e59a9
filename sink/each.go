package sink

import (
	"context"

	"github.com/ergon-go/ergon"
)

// Each returns a sink that calls store for each payload, one after the other. A
// nil error means that this one is safely stored; only those that failed are
// handed over again. A panic is the failure of its payload alone. Once ctx has
// ended no further call is made, and the rest fails with its cause.
func Each[T any](store func(ctx context.Context, payload T) error) ergon.Sink[T] {
	return each[T](store)
}

type each[T any] func(context.Context, T) error

func (e each[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	if err := e.Validate(); err != nil {
		return ergon.Fatal(err)
	}
	return report(eachOf(ctx, len(txs), func(i int) error {
		return e(ctx, txs[i].Payload())
	}))
}

// Validate refuses a nil function.
func (e each[T]) Validate() error {
	if e == nil {
		return fault("sink.Each", "store", "is nil")
	}
	return nil
}
