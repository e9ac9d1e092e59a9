package ergonotel

import (
	"context"
	"slices"

	"github.com/ergon-go/ergon"
)

// All returns an observer that stands for several, each inside those before it: put
// Tracing first, so that what Logs writes knows its trace. It is an ergon.Several: a run
// tells each of them by itself, as if each were given to pipeline.Observe, and one that
// panics is detached alone.
func All(observers ...ergon.Observer) ergon.Observer {
	a := &all{}
	for _, o := range observers {
		switch several, ok := o.(ergon.Several); {
		case o == nil:
		case ok:
			a.observers = append(a.observers, several.Observers()...)
		default:
			a.observers = append(a.observers, o)
		}
	}
	a.observers = slices.DeleteFunc(a.observers, func(o ergon.Observer) bool { return o == nil })
	return a
}

// all is told itself only by who knows no ergon.Several.
type all struct{ observers []ergon.Observer }

func (a *all) Observers() []ergon.Observer { return slices.Clone(a.observers) }

func (a *all) Wants(k ergon.Kind) bool {
	return slices.ContainsFunc(a.observers, func(o ergon.Observer) bool { return wants(o, k) })
}

func (a *all) Begin(ctx context.Context, e *ergon.Event) context.Context {
	for _, o := range a.observers {
		if !wants(o, e.Kind) {
			continue
		}
		if inner := o.Begin(ctx, e); inner != nil {
			ctx = inner
		}
	}
	return ctx
}

func (a *all) End(ctx context.Context, e *ergon.Event) {
	for _, o := range slices.Backward(a.observers) {
		if wants(o, e.Kind) {
			o.End(ctx, e)
		}
	}
}

func wants(o ergon.Observer, k ergon.Kind) bool {
	picky, is := o.(ergon.Selective)
	return !is || picky.Wants(k)
}
