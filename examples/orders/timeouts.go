package main

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// timeouts is an observer that counts the attempts that took too long and are
// made again. The zero value is ready to use.
type timeouts struct{ n atomic.Int64 }

// Begin counts, where a wait for another attempt begins.
func (t *timeouts) Begin(ctx context.Context, e *ergon.Event) context.Context {
	if e.Kind == ergon.KindWait && tookTooLong(e.Err) {
		t.n.Add(int64(e.N))
	}
	return ctx
}

// tookTooLong knows a timeout of the stage too where the code that it interrupted
// returns the cause of its context, as net/http does.
func tookTooLong(err error) bool {
	return errors.Is(err, pipeline.ErrAttemptTimeout) || ergon.CategoryOf(err) == ergon.CategoryTimeout
}

// End does nothing.
func (*timeouts) End(context.Context, *ergon.Event) {}
