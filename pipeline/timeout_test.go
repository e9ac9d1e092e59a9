package pipeline_test

import (
	"context"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
)

// Code that returns the cause of its context, as net/http does, says by it that
// it took too long, to whoever reads the error alone.
func TestTheCauseOfATimeoutIsATimeout(t *testing.T) {
	is := is.New(t)
	var told error
	source := ergontest.NewSource(1)
	ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(source).
			Map(func(ctx context.Context, n int) (int, error) {
				<-ctx.Done()
				return n, context.Cause(ctx)
			}).
			OnError(func(_ context.Context, f ergon.Failure[int]) error {
				told = f.Err
				return ergon.Handled
			}).
			To(&ergontest.Sink[int]{})
	})
	is.Equal(ergon.CategoryOf(told), ergon.CategoryTimeout)
}
