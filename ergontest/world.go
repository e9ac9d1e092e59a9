package ergontest

import (
	"fmt"
	"reflect"
	"slices"

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
	Fakes
	// Source is where the pipeline takes from.
	Source ergon.Source[T]
	// Dead is where it puts what cannot succeed, for DeadLetter: the sink of the
	// name DeadLetters.
	Dead ergon.Sink[T]

	before []store // of an earlier run in the same world
	stores []store // in the order in which they were made
	faults []string
}

// DeadLetters is the name of the sink that is a World's Dead.
const DeadLetters = "dead letters"

func newWorld[T any](source ergon.Source[T], d director) *World[T] {
	w := &World[T]{Fakes: Fakes{director: d}, Source: source}
	w.Dead = w.Sink[T](DeadLetters)
	return w
}

// anew returns a World for another run with the same sinks.
func (w *World[T]) anew(source ergon.Source[T], d director) *World[T] {
	next := &World[T]{Fakes: Fakes{T: w.T, director: d}, Source: source, before: slices.Concat(w.stores, w.before)}
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
