package source

import (
	"context"

	"github.com/ergon-go/ergon"
)

// Function is a Source of what a function returns. Func makes one.
type Function[T any] struct {
	next func(context.Context) (T, error)
}

// Func returns a Source of what next returns, one item for each call and each
// Fetch. next may block until there is something or ctx ends; io.EOF ends the
// source, and any other error fails one Fetch. What it returns beside an error
// is dropped, as Go programs do. The transactions have no ids of their own: a
// function that knows ids, has several items at once, or has items and an error,
// is a FetchFunc.
func Func[T any](next func(context.Context) (T, error)) *Function[T] {
	return &Function[T]{next: next}
}

// Validate reports a nil function.
func (f *Function[T]) Validate() error {
	if f.next == nil {
		return fault("source.Func", "function", "", "is nil")
	}
	return nil
}

// Start does nothing but Validate.
func (f *Function[T]) Start(context.Context) error { return f.Validate() }

// Fetch calls the function once.
func (f *Function[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	if err := f.Validate(); err != nil {
		return nil, ergon.Permanent(err)
	}
	if err := ctx.Err(); err != nil || max < 1 {
		return nil, err
	}
	item, err := f.next(ctx)
	if err != nil {
		return nil, err
	}
	return []ergon.Transaction[T]{ergon.NewTransaction("", item)}, nil
}

// FetchFunc is a function that is a Source: its contract is that of
// ergon.Source.
type FetchFunc[T any] func(ctx context.Context, max int) ([]ergon.Transaction[T], error)

// Validate reports a nil function.
func (f FetchFunc[T]) Validate() error {
	if f == nil {
		return fault("source.FetchFunc", "function", "", "is nil")
	}
	return nil
}

// Fetch calls the function.
func (f FetchFunc[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	if err := f.Validate(); err != nil {
		return nil, ergon.Permanent(err)
	}
	return f(ctx, max)
}
