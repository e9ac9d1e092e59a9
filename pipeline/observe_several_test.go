package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// together is an observer that stands for several.
type together struct {
	ergon.Observer
	of func() []ergon.Observer
}

func (t together) Observers() []ergon.Observer { return t.of() }

// Of observers that are given as one, the one that panics is detached and reported; the
// others see the rest of the run.
func TestOneOfSeveralObserversThatPanicsIsDetachedAlone(t *testing.T) {
	bubbled(t, "one of three", func(t *testing.T) {
		is := is.New(t)
		source, to := ergontest.NewSource(0, 1), &ergontest.Sink[int]{}
		before, after := &ergontest.Events{}, &ergontest.Events{}
		p := busyPipeline(source, to, together{of: func() []ergon.Observer {
			return []ergon.Observer{before, nil, &saboteur{ergon.KindAttempt, false, panicHere}, after}
		}})
		err := p.Run(t.Context())
		is.True(errors.Is(err, pipeline.ErrObserver))
		for _, e := range []*ergontest.Events{before, after} {
			is.Equal(len(e.All().Of(ergon.KindTransaction)), 2)
			is.Equal(len(e.All().Of(ergon.KindRun)), 1)
		}
		is.Equal(source.Settled(ergon.Acked), []string{"test:0", "test:1"})
	})
	bubbled(t, "it cannot say who they are", func(t *testing.T) {
		is := is.New(t)
		source, to := ergontest.NewSource(0, 1), &ergontest.Sink[int]{}
		err := busyPipeline(source, to, together{of: func() []ergon.Observer { panic("a bug") }}).Run(t.Context())
		is.True(errors.Is(err, pipeline.ErrObserver))
		is.Equal(source.Settled(ergon.Acked), []string{"test:0", "test:1"})
	})
}

// within is an observer that marks the context of each transaction with its id, and
// keeps which it finds again where something is done for several.
type within struct {
	mu    sync.Mutex
	found map[string][]string
	from  map[ergon.Kind]ergon.Destination
}

type withinKey struct{}

func (o *within) Begin(ctx context.Context, e *ergon.Event) context.Context {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found == nil {
		o.found, o.from = map[string][]string{}, map[ergon.Kind]ergon.Destination{}
	}
	o.from[e.Kind] = e.Destination
	if e.Kind == ergon.KindTransaction {
		return context.WithValue(ctx, withinKey{}, e.ID)
	}
	if e.Contexts != nil {
		what := fmt.Sprint(e.Kind, " ", e.Stage)
		for inner := range e.Contexts {
			o.found[what] = append(o.found[what], fmt.Sprint(inner.Value(withinKey{})))
		}
		slices.Sort(o.found[what])
	}
	return ctx
}

func (*within) End(context.Context, *ergon.Event) {}

// What is done for several transactions at once knows the context of each of them; what
// is done for one is inside it, and knows no others.
func TestWhatIsDoneForSeveralKnowsTheContextsOfAll(t *testing.T) {
	three := []string{"test:0", "test:1", "test:2"}
	same := func(_ context.Context, all []int) ([]int, error) { return all, nil }
	for _, tc := range []struct {
		name  string
		build func(pipeline.Flow[int, int], ergon.Sink[int]) pipeline.Pipeline
		want  map[string][]string
	}{
		{"a batch in the sink", func(f pipeline.Flow[int, int], to ergon.Sink[int]) pipeline.Pipeline {
			return f.Map(func(_ context.Context, v int) (int, error) { return v, nil }).To(to, stage.Batch(3, time.Hour))
		}, map[string][]string{"dispatch sink": three}},
		{"a bulk call", func(f pipeline.Flow[int, int], to ergon.Sink[int]) pipeline.Pipeline {
			return f.MapBatch(3, time.Hour, same).To(to)
		}, map[string][]string{"attempt map-batch": three}},
		{"a group", func(f pipeline.Flow[int, int], to ergon.Sink[int]) pipeline.Pipeline {
			return f.Group[[]int](3, time.Hour).Map(func(_ context.Context, all []int) (int, error) { return len(all), nil }, stage.Named("count")).To(to)
		}, map[string][]string{"attempt count": three, "dispatch sink": three}},
	} {
		bubbled(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			seen := &within{}
			flow := pipeline.From[int](ergontest.NewSource(0, 1, 2), pipeline.Observe(seen))
			is.NoErr(tc.build(flow, &ergontest.Sink[int]{}).Run(t.Context()))
			for what, ids := range tc.want {
				is.Equal(seen.found[what], ids)
			}
			is.Equal(seen.found["attempt map"], nil)
		})
	}
}

// at is a source and sink at a place.
type at struct {
	*ergontest.Source[int]
	ergontest.Sink[int]
	place func() ergon.Destination
}

func (a *at) Destination() ergon.Destination { return a.place() }

func (a *at) Start(ctx context.Context) error { return a.Source.Start(ctx) }
func (a *at) Stop(ctx context.Context) error  { return a.Source.Stop(ctx) }

func (a *at) Violations() error { return a.Source.Violations() }

// Events say where from and where to, as far as source and sink can say; one that panics
// when it is asked cannot.
func TestEventsSayWhereItComesFromAndGoesTo(t *testing.T) {
	orders, rows := ergon.Destination{System: "sqlite", Name: "orders"}, ergon.Destination{Name: "rows"}
	for name, place := range map[string]func() ergon.Destination{"known": func() ergon.Destination { return rows }, "a bug": func() ergon.Destination { panic("a bug") }} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			if name != "known" {
				rows = ergon.Destination{}
			}
			seen := &within{}
			from := &at{Source: ergontest.NewSource(0), place: func() ergon.Destination { return orders }}
			to := &at{Source: ergontest.NewSource[int](), place: place}
			p := pipeline.From[int](from, pipeline.Observe(seen)).To(to)
			is.NoErr(p.Run(t.Context()))
			for kind, want := range map[ergon.Kind]ergon.Destination{
				ergon.KindFetch: orders, ergon.KindTransaction: orders, ergon.KindSettle: orders, ergon.KindDispatch: rows, ergon.KindRun: {},
			} {
				is.Equal(seen.from[kind], want)
			}
			s := p.Snapshot()
			is.Equal(s.Source, orders)
			is.Equal(s.Stages[0].Destination, rows)
			is.Equal(s.Stages[1].Destination, orders) // whom Settle tells
		})
	}
}
