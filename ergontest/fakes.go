package ergontest

import (
	"context"
	"slices"
	"sync"
	"testing"
)

// Fakes stands for the services that are called by what is tested.
type Fakes struct {
	// T is the test of the run, in its bubble: for what has to be cleaned up.
	T *testing.T

	director director
	mu       sync.Mutex
	fakes    []string
}

// Fake returns fn as the fake of a service of that name, for a stage or for code
// that a stage calls: what a test has planned for the name happens in it. It
// knows the transaction by its context, which is to be the one that the stage
// was given, or one made of it.
func (f *Fakes) Fake[In, Out any](name string, fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Contains(f.fakes, name) {
		f.fakes = append(f.fakes, name)
	}
	return func(ctx context.Context, in In) (Out, error) {
		var out Out
		at := crossingOf(ctx)
		c := crossing{place: name, stage: at.stage, ids: at.ids, attempt: at.attempt, world: true}
		err := f.director.around(ctx, c, func(ctx context.Context) (err error) {
			out, err = fn(ctx, in)
			return err
		})
		return out, err
	}
}
