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
	stage   string     // the name of the stage it is part of
	ids     []string   // of the transactions it is for; a fake's are those of its stage
	attempt int        // of the stage, from 1; 0 where nobody said
	world   bool       // a sink, a source or a fake of a World asks, from inside the call
}

// director decides what goes wrong at the boundaries of a World.
type director interface {
	// around makes a call, or does not, and returns its error. It may panic, block,
	// and end the goroutine.
	around(ctx context.Context, c crossing, do func(context.Context) error) error
	// items returns the errors of single items of a Dispatch or a Settle, which are
	// not stored then, unless it is StoredBut; nil for none. It is called from inside
	// around, with the context that around gave to the call.
	items(ctx context.Context, c crossing) ergon.ItemErrors
}

// inLab returns the context of a run in which a director stands around every
// stage, OnError, OnSuccess and Settle too. Sinks of a World ask it themselves,
// from inside the call, and so may its sources. A director that is nil stands
// nowhere. A witness in the context is told of everything.
func inLab(ctx context.Context, d director, l lab.Lab) context.Context {
	if d != nil {
		l.Around = directed(d)
	}
	l = witnessOf(ctx).inLab(l)
	return lab.With(ctx, &l)
}

func directed(d director) func(ctx context.Context, c lab.Call, do func(context.Context) error) error {
	return func(ctx context.Context, c lab.Call, do func(context.Context) error) error {
		x := crossing{kind: c.Kind, place: c.Stage, stage: c.Stage, ids: c.IDs, attempt: c.Attempt}
		ctx = context.WithValue(ctx, crossingKey{}, x)
		if c.Kind == ergon.KindDispatch {
			return do(ctx)
		}
		return d.around(ctx, x, do)
	}
}

type crossingKey struct{}

// crossingOf returns the call of the engine's that a context is for, if there is
// one.
func crossingOf(ctx context.Context) crossing {
	c, _ := ctx.Value(crossingKey{}).(crossing)
	return c
}
