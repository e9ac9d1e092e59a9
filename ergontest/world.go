package ergontest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/ergon-go/ergon"
)

// World is what a pipeline under test is connected to: a source, sinks by name,
// a place for dead letters, and fakes of what its stages call. A function that
// builds a pipeline out of a World can be tested in each of the ways there are:
// case by case (Table), with everything going wrong at random (Sim), and with one
// thing going wrong at each place in turn (Explore).
//
// A World is made for one run, in its bubble. Its methods are called while the
// pipeline is built.
type World[T any] struct {
	// Source is where the pipeline takes from.
	Source ergon.Source[T]
	// Dead is where it puts what cannot succeed, for DeadLetter.
	Dead ergon.Sink[T]

	director director
	mu       sync.Mutex
	stores   []store // in the order in which they were made
	faults   []string
}

// deadName is the place of a World's Dead.
const deadName = "dead letters"

func newWorld[T any](source ergon.Source[T], d director) *World[T] {
	w := &World[T]{Source: source, director: d}
	w.Dead = w.Sink[T](deadName)
	return w
}

// store is a sink of a World, whatever it stores.
type store interface {
	place() string
	sent() int // how often something was stored, known ids included
}

// Sink returns the sink of that name, which is made at the first call; whoever
// asks again, with the same type, gets the same.
func (w *World[T]) Sink[Out any](name string) ergon.Sink[Out] {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.stores, func(s store) bool { return s.place() == name })
	if i < 0 {
		s := &worldSink[Out]{name: name, director: w.director}
		w.stores = append(w.stores, s)
		return s
	}
	s, ok := w.stores[i].(*worldSink[Out])
	if !ok {
		w.faults = append(w.faults, fmt.Sprintf("World.Sink: %q is a sink of another type", name))
		return &worldSink[Out]{name: name, director: w.director}
	}
	return s
}

// Fake returns fn as the fake of a service of that name, for a stage or for code
// that a stage calls: what a test has planned for the name happens in it.
func (w *World[T]) Fake[In, Out any](name string, fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (Out, error) {
		var out Out
		err := w.director.around(ctx, crossing{place: name, ids: idsOf(ctx)}, func(ctx context.Context) (err error) {
			out, err = fn(ctx, in)
			return err
		})
		return out, err
	}
}

// worldSink is a Sink whose director says what goes wrong.
type worldSink[Out any] struct {
	Sink[Out]
	name     string
	director director
}

func (s *worldSink[Out]) place() string { return s.name }

func (s *worldSink[Out]) sent() int {
	n := 0
	for _, b := range s.Batches() {
		n += b.Stored
	}
	return n
}

// Dispatch stores what the director lets through.
func (s *worldSink[Out]) Dispatch(ctx context.Context, txs []ergon.Transaction[Out]) error {
	c := crossing{kind: ergon.KindDispatch, place: s.name, ids: make([]string, len(txs))}
	for i, tx := range txs {
		c.ids[i] = tx.ID()
	}
	return s.director.around(ctx, c, func(ctx context.Context) error {
		refused := s.director.items(c)
		var rest []ergon.Transaction[Out]
		for i, tx := range txs {
			if refused == nil || refused[i] == nil {
				rest = append(rest, tx)
			}
		}
		if len(rest) > 0 {
			if err := s.Sink.Dispatch(ctx, rest); err != nil {
				return err
			}
		}
		if refused == nil {
			return nil
		}
		return refused
	})
}
