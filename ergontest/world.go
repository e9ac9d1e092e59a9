package ergontest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

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
	// T is the test of the run, in its bubble: for what a pipeline needs and has to
	// be cleaned up.
	T *testing.T
	// Source is where the pipeline takes from.
	Source ergon.Source[T]
	// Dead is where it puts what cannot succeed, for DeadLetter: the sink of the
	// name DeadLetters.
	Dead ergon.Sink[T]

	director director
	mu       sync.Mutex
	before   []store // of an earlier run in the same world
	stores   []store // in the order in which they were made
	fakes    []string
	faults   []string
}

// DeadLetters is the name of the sink that is a World's Dead.
const DeadLetters = "dead letters"

func newWorld[T any](source ergon.Source[T], d director) *World[T] {
	w := &World[T]{Source: source, director: d}
	w.Dead = w.Sink[T](DeadLetters)
	return w
}

// anew returns a World for another run with the same sinks.
func (w *World[T]) anew(source ergon.Source[T], d director) *World[T] {
	next := &World[T]{T: w.T, Source: source, director: d, before: slices.Concat(w.stores, w.before)}
	next.Dead = next.Sink[T](DeadLetters)
	return next
}

// store is a sink of a World, whatever it stores.
type store interface {
	place() string
	holds() reflect.Type
	sent() int            // how often something was stored, known ids included
	IDs() []string        // of what is stored
	Duplicates() []string // of what was stored though it was there
}

// Sink returns the sink of that name, which is made at the first call; whoever
// asks again, with the same type, gets the same.
func (w *World[T]) Sink[Out any](name string) ergon.Sink[Out] {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := newWorldSink[Out](name, w.director)
	if there := named(w.stores, name); there != nil {
		same, ok := there.(*worldSink[Out])
		if ok {
			return same
		}
		w.faults = append(w.faults, fmt.Sprintf("World.Sink: %q is a sink of another type", name))
		return s
	}
	if kept, ok := named(w.before, name).(*worldSink[Out]); ok {
		s.Sink = kept.Sink
	}
	w.stores = append(w.stores, s)
	return s
}

// named returns the store of a name, or nil.
func named(stores []store, name string) store {
	for _, s := range stores {
		if s.place() == name {
			return s
		}
	}
	return nil
}

// Fake returns fn as the fake of a service of that name, for a stage or for code
// that a stage calls: what a test has planned for the name happens in it. It
// knows the transaction by its context, which is to be the one that the stage
// was given, or one made of it.
func (w *World[T]) Fake[In, Out any](name string, fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.fakes, name) {
		w.fakes = append(w.fakes, name)
	}
	return func(ctx context.Context, in In) (Out, error) {
		var out Out
		at := crossingOf(ctx)
		c := crossing{place: name, stage: at.stage, ids: at.ids, attempt: at.attempt, world: true}
		err := w.director.around(ctx, c, func(ctx context.Context) (err error) {
			out, err = fn(ctx, in)
			return err
		})
		return out, err
	}
}
