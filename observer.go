package ergon

import (
	"context"
	"iter"
	"time"
)

// Observer is the one seam through which tracing, metrics, logs, live views and
// tests watch a run.
//
// Begin is called when something starts and returns the context for what happens
// inside it, user code included; End is called with the same Event, completed,
// and with the context that Begin returned. Both are called by many goroutines
// at once, must not block, and must not keep the Event. An observer that panics
// is detached for the rest of the run, which reports it at its end.
type Observer interface {
	Begin(ctx context.Context, e *Event) context.Context
	End(ctx context.Context, e *Event)
}

// Selective is an Observer that wants to know of some kinds only. What no observer
// of a pipeline wants to know is not looked at, and costs nothing.
type Selective interface {
	Observer
	// Wants reports whether Begin and End are to be called for a kind. It is asked
	// once for each kind, before a run.
	Wants(k Kind) bool
}

// Several is an Observer that stands for several. A run tells each of them by itself,
// in their order, so that one that panics is detached alone.
type Several interface {
	Observer
	// Observers returns them. It is asked once, before a run.
	Observers() []Observer
}

// Kind is what an Event tells of. Observers must ignore kinds they do not know.
type Kind uint8

const (
	// KindRun is a run, from Start of its connectors to their Stop. Begin: Snapshot.
	// End: N transactions fetched, Err.
	KindRun Kind = iota + 1
	// KindFetch is one call of Fetch. Begin: N asked for, Attempt. End: N got, Err.
	KindFetch
	// KindBatch is what one Fetch got, until all of it is settled. Begin: N.
	KindBatch
	// KindTransaction is a transaction, from fetch to settlement, inside its
	// batch. Begin: ID, Metadata. End: Verdict, Err.
	KindTransaction
	// KindAttempt is one call of a stage's function, inside its transaction, or
	// inside the run where it is for N transactions at once. End: Err.
	KindAttempt
	// KindWait is a wait before another attempt, or of a whole stage that holds.
	// Begin: Wait, Err (why).
	KindWait
	// KindDispatch is one call of Dispatch on N transactions. End: Err.
	KindDispatch
	// KindHandler is one call of OnError. Begin: Err (of the failure). End: Err, Verdict.
	KindHandler
	// KindSuccess is one call of OnSuccess. End: Err.
	KindSuccess
	// KindSettle is one call of Settle with N settlements. End: Err.
	KindSettle
	// KindExtend is one call of Extend on N transactions. End: Err.
	KindExtend
	// KindDrain is the time from a stop to the end of what was in flight then.
	// Begin: N in flight, Err (why it stops). End: N released, Err.
	KindDrain
	// KindViolation tells of a connector that broke its contract, or of best
	// effort that was not enough. Begin and End follow at once. Err says what.
	KindViolation
)

var kindNames = [...]string{
	"", "run", "fetch", "batch", "transaction", "attempt", "wait", "dispatch",
	"handler", "success", "settle", "extend", "drain", "violation",
}

// String returns the kind in lower case.
func (k Kind) String() string {
	if k > 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind(" + itoa(int(k)) + ")"
}

// Event is something that happens in a run. Which fields are set depends on its
// kind; more may be added.
type Event struct {
	Kind     Kind
	Pipeline string
	Stage    string // for what happens in a stage, sink or handler
	ID       string // for what happens to one transaction
	Metadata Metadata
	Attempt  int // from 1
	N        int // how many transactions it concerns
	Wait     time.Duration
	Verdict  Verdict
	Category Category
	Err      error
	// Destination is where it goes to, or comes from, where source or sink can say.
	Destination Destination
	// Contexts are those of the transactions that it is done for, as Begin returned
	// them, where its own is that of none of them: a Dispatch of a batch, a MapBatch, a
	// Settle, and what is done for a Group. To be asked in Begin only; nil otherwise.
	Contexts iter.Seq[context.Context]
	Snapshot func() Snapshot // of a run: how it stands; any goroutine may call it at any time, also after the end
}
