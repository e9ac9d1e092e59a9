package main

import (
	"context"
	"errors"
	"os"

	"github.com/sourcegraph/conc"
)

// errInterrupted is the cause with which the job's context ends at a signal.
var errInterrupted = errors.New("orders: interrupted")

// untilSignal returns a context that ends at the first signal. first is called
// then, second at the next one. stop ends the watch, and waits for it.
func untilSignal(ctx context.Context, signals <-chan os.Signal, first, second func()) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	over := make(chan struct{})
	var watching conc.WaitGroup
	watching.Go(func() {
		for _, react := range []func(){func() { first(); cancel(errInterrupted) }, second} {
			select {
			case <-signals:
				react()
			case <-over:
				return
			}
		}
	})
	return ctx, func() {
		close(over)
		watching.Wait()
		cancel(nil)
	}
}
