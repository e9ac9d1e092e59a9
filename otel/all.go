package ergonotel

import (
	"context"

	"github.com/ergon-go/ergon"
)

// All returns an observer that stands for several, each inside those before it: put
// Tracing first, so that what Logs writes knows its trace. One of them that panics
// takes the others with it, which they do not where each is given to pipeline.Observe.
func All(observers ...ergon.Observer) ergon.Observer {
	a := &all{}
	for _, o := range observers {
		if o == nil {
			continue
		}
		one := member{observer: o}
		picky, _ := o.(ergon.Selective)
		for k := range one.wants {
			one.wants[k] = picky == nil || picky.Wants(ergon.Kind(k))
		}
		a.members = append(a.members, one)
	}
	return a
}

type all struct{ members []member }

// member is one of several observers, and what it wants to know.
type member struct {
	observer ergon.Observer
	wants    [ergon.KindViolation + 1]bool
}

func (m *member) wanted(k ergon.Kind) bool { return int(k) < len(m.wants) && m.wants[k] }

func (a *all) Wants(k ergon.Kind) bool {
	for i := range a.members {
		if a.members[i].wanted(k) {
			return true
		}
	}
	return false
}

func (a *all) Begin(ctx context.Context, e *ergon.Event) context.Context {
	for i := range a.members {
		if m := &a.members[i]; m.wanted(e.Kind) {
			if inner := m.observer.Begin(ctx, e); inner != nil {
				ctx = inner
			}
		}
	}
	return ctx
}

func (a *all) End(ctx context.Context, e *ergon.Event) {
	for i := len(a.members) - 1; i >= 0; i-- {
		if m := &a.members[i]; m.wanted(e.Kind) {
			m.observer.End(ctx, e)
		}
	}
}
