package ergontest

import (
	"context"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
)

// Events is an ergon.Observer that keeps copies of everything it is told:
//
//	var events ergontest.Events
//	… pipeline.From(orders, pipeline.Observe(&events)) …
//	events.Happened(t,
//		ergontest.Happening{Kind: ergon.KindAttempt, Stage: "price", Err: errNoConnection},
//		ergontest.Happening{Kind: ergon.KindTransaction, ID: "orders:7"},
//	)
//
// The zero value is empty and ready to use, in a testing/synctest bubble and
// outside; it must not be copied once it is in use. All its methods may be called
// by any goroutine, also while the run goes on. It keeps all of several runs.
type Events struct {
	mu   sync.Mutex
	all  []*EventRecord // in the order in which they began
	turn int            // how many beginnings and ends there were
}

var _ ergon.Observer = (*Events)(nil)

// eventScope is what is being watched where a context leads, and by whom.
type eventScope struct {
	events *Events
	record *EventRecord // guarded by events.mu
	outer  *eventScope
}

type eventScopeKey struct{}

func eventScopeOf(ctx context.Context) *eventScope {
	scope, _ := ctx.Value(eventScopeKey{}).(*eventScope)
	return scope
}

// of returns the innermost scope of some Events, or nil.
func (s *eventScope) of(events *Events) *eventScope {
	for s != nil && s.events != events {
		s = s.outer
	}
	return s
}

// Begin notes a beginning.
func (e *Events) Begin(ctx context.Context, event *ergon.Event) context.Context {
	outer := eventScopeOf(ctx)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.turn++
	r := &EventRecord{Event: *event, Begun: *event, Number: len(e.all) + 1, Start: time.Now(), first: e.turn}
	if parent := outer.of(e); parent != nil {
		r.Parent = parent.record.Number
	}
	if event.ID != "" {
		r.IDs = []string{event.ID}
	}
	e.all = append(e.all, r)
	return context.WithValue(ctx, eventScopeKey{}, &eventScope{events: e, record: r, outer: outer})
}

// End notes an end.
func (e *Events) End(ctx context.Context, event *ergon.Event) {
	scope := eventScopeOf(ctx).of(e)
	if scope == nil {
		return // it began before anybody watched
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.turn++
	r := scope.record
	r.Event, r.End, r.last = *event, time.Now(), e.turn
}

// All returns everything, in the order in which it began.
func (e *Events) All() EventList {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := make(EventList, len(e.all))
	for i, r := range e.all {
		list[i] = *r
	}
	return list
}

// concerns tells whoever watches which transactions a call is for, which an event
// of several does not say.
func concerns[T any](ctx context.Context, kind ergon.Kind, txs []ergon.Transaction[T]) {
	told := map[*Events]bool{}
	for scope := eventScopeOf(ctx); scope != nil; scope = scope.outer {
		if !told[scope.events] {
			told[scope.events] = true
			scope.concern(kind, func() []string { return idsOf(txs) })
		}
	}
}

// concern notes which transactions are concerned, if it is that kind of event.
func (s *eventScope) concern(kind ergon.Kind, ids func() []string) {
	s.events.mu.Lock()
	defer s.events.mu.Unlock()
	if s.record.Kind == kind && len(s.record.IDs) == 0 {
		s.record.IDs = ids()
	}
}
