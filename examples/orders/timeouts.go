package main

import (
	"context"
	"sync/atomic"

	"github.com/ergon-go/ergon"
)

// timeouts is an observer that counts the attempts that took too long and are
// made again. The zero value is ready to use.
type timeouts struct{ n atomic.Int64 }

// Begin counts, where a wait for another attempt begins.
func (t *timeouts) Begin(ctx context.Context, e *ergon.Event) context.Context {
	if e.Kind == ergon.KindWait && ergon.CategoryOf(e.Err) == ergon.CategoryTimeout {
		t.n.Add(int64(e.N))
	}
	return ctx
}

// End does nothing.
func (*timeouts) End(context.Context, *ergon.Event) {}
