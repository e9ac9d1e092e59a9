package sink

import (
	"context"

	"github.com/ergon-go/ergon"
)

// Discard returns a sink that confirms everything and keeps nothing: for a
// pipeline whose stages do all the work.
func Discard[T any]() ergon.Sink[T] { return discard[T]{} }

type discard[T any] struct{}

func (discard[T]) Dispatch(context.Context, []ergon.Transaction[T]) error { return nil }
