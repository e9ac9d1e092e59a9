// Package lab is how the test kit takes part in a run. A Lab rides in the
// context that is given to Run; a run without one pays a nil check for it, and
// only code of this module can make one.
package lab

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/ergon-go/ergon"
)

// Lab is what a test changes of a run. Every field may be left out, and every
// method may be called on nil: a run in the field, where nothing is changed.
type Lab struct {
	// Observers watch the run, before those it has.
	Observers []ergon.Observer
	// Around is called instead of each call of a stage's function, a sink, a
	// dead-letter sink, OnError, OnSuccess and Settle, and makes it by calling do,
	// or does not. What it returns is what the call returned; it may panic, block
	// and end the goroutine as the call may.
	Around func(ctx context.Context, c Call, do func(context.Context) error) error
	// Child is told of everything that comes of something else as a child of it,
	// before it is handed on.
	Child func(id, of string)
	// Failed is told of each failure of a transaction, when all that came of it has
	// ended and before anybody is asked what becomes of it; worst first.
	Failed func(Failure)
	// Slab returns how many items a worker takes at once; nil leaves it to the
	// engine.
	Slab func() int
	// Instants keeps timers apart; nil lets them end together, in random order.
	Instants *Instants
	// Random returns a number in [0, n); nil is chance.
	Random func(n uint64) uint64
	// Begun is told of a run before anything happens in it.
	Begun func(Limits)
	// Grouped is told of every group that is made: its id, and those of its members.
	Grouped func(id string, members []string)
}

// Limits is what a run has to keep to.
type Limits struct {
	InFlight     int           // transactions fetched and not yet settled
	Transaction  time.Duration // how long one may take; 0: any time
	Drain, Grace time.Duration
}

// Call is one call of code that is not the engine's.
type Call struct {
	Kind    ergon.Kind // of its event
	Stage   string
	IDs     []string // of the transactions it is for, as they are by then
	Attempt int      // of the first of them, from 1
}

// Failure is an ergon.Failure, whatever its transaction carries.
type Failure struct {
	ID       string // of the fetched transaction
	Stage    string
	Err      error
	Category ergon.Category
	Verdict  ergon.Verdict
	Attempts []ergon.Attempt
}

// Apart returns how long to wait instead of d: a little longer where another
// timer ends at that instant.
func (l *Lab) Apart(d time.Duration) time.Duration {
	if l == nil || l.Instants == nil {
		return d
	}
	return l.Instants.Apart(d)
}

// Draw returns a number in [0, n), n being above 0.
func (l *Lab) Draw(n uint64) uint64 {
	if l == nil || l.Random == nil {
		return rand.Uint64N(n)
	}
	return l.Random(n)
}

// Group tells whoever wants to know of a group.
func (l *Lab) Group(id string, members func() []string) {
	if l != nil && l.Grouped != nil {
		l.Grouped(id, members())
	}
}

// Begin tells whoever wants to know of a run.
func (l *Lab) Begin(limits Limits) {
	if l != nil && l.Begun != nil {
		l.Begun(limits)
	}
}

type key struct{}

// With returns a context in which runs have a Lab.
func With(ctx context.Context, l *Lab) context.Context { return context.WithValue(ctx, key{}, l) }

// From returns the Lab of a context, or nil.
func From(ctx context.Context) *Lab {
	l, _ := ctx.Value(key{}).(*Lab)
	return l
}
