package ergontest

import (
	"context"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
)

// crossing is one call from the engine, or from user code, to what is outside.
type crossing struct {
	kind    ergon.Kind // of its event; 0: of a fake
	place   string     // the name of the stage, the sink or the fake
	ids     []string   // of the transactions it is for; a fake's is the one in its context
	attempt int        // from 1; 0 where only the director knows
}

// director decides what goes wrong at the boundaries of a World.
type director interface {
	// around makes a call, or does not, and returns its error. It may panic, block,
	// and end the goroutine.
	around(ctx context.Context, c crossing, do func(context.Context) error) error
	// items returns the errors of single items of a Dispatch, which are not stored
	// then; nil for none.
	items(c crossing) ergon.ItemErrors
}

// inLab returns the context of a run in which a director stands around every
// stage, OnError, OnSuccess and Settle too. Sinks of a World ask it themselves.
func inLab(ctx context.Context, d director, l lab.Lab) context.Context {
	l.Around = func(ctx context.Context, c lab.Call, do func(context.Context) error) error {
		if c.Kind == ergon.KindDispatch {
			return do(ctx)
		}
		return d.around(ctx, crossing{kind: c.Kind, place: c.Stage, ids: c.IDs, attempt: c.Attempt}, do)
	}
	l.Observers = append([]ergon.Observer{naming{}}, l.Observers...)
	return lab.With(ctx, &l)
}

// naming puts the ids of transactions into the contexts of what works on them.
type naming struct{}

type idKey struct{}

// Begin adds the id of a transaction to its context.
func (naming) Begin(ctx context.Context, e *ergon.Event) context.Context {
	if e.Kind != ergon.KindTransaction {
		return ctx
	}
	return context.WithValue(ctx, idKey{}, e.ID)
}

// End does nothing.
func (naming) End(context.Context, *ergon.Event) {}

// idsOf returns the id of the transaction that a context is for, if there is one.
func idsOf(ctx context.Context) []string {
	if id, ok := ctx.Value(idKey{}).(string); ok {
		return []string{id}
	}
	return nil
}
