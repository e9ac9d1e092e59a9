package main

import (
	"context"

	"github.com/ergon-go/ergon"
)

// progress shows how far a phase of the job is. end is called once it is over.
type progress interface {
	begin(phase string, total int) (p phase, end func())
}

// phase is told of lines that are done, by many goroutines at once.
type phase interface{ done(lines int) }

// progressOn is how progress is shown among notices: as a bar on a terminal, as
// lines elsewhere.
func progressOn(n *notices, quiet bool) progress {
	switch {
	case quiet:
		return silence{}
	case n.hasRoomForBars():
		return bars{n}
	}
	return plain{n}
}

// silence shows nothing.
type silence struct{}

func (silence) begin(string, int) (phase, func()) { return silence{}, func() {} }
func (silence) done(int)                          {}

// counting is an observer that counts lines for a phase: those whose source
// knows that they are done.
type counting struct{ phase }

// Begin leaves the context as it is.
func (counting) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }

// End counts a transaction that came to its end.
func (c counting) End(_ context.Context, e *ergon.Event) {
	if e.Kind == ergon.KindTransaction && (e.Verdict == ergon.Acked || e.Verdict == ergon.DeadLettered) {
		c.done(1)
	}
}
