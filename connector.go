package ergon

import (
	"context"
	"errors"
	"time"
)

// Source is where transactions come from.
//
// Fetch returns up to max transactions. It is called by one goroutine at a time
// and may block until there is something, but returns promptly when ctx ends,
// with whatever it has taken by then. No transactions and no error means that
// there is nothing now; io.EOF means never again. Transactions and an error may
// come together, and both count. Errors are retried with growing waits, unless
// they are Business, Permanent or Fatal, which end the run.
type Source[T any] interface {
	Fetch(ctx context.Context, max int) ([]Transaction[T], error)
}

// Sink is where transactions go.
//
// Dispatch stores transactions. nil means that all are safely stored, as safe as
// the system behind it can make them; ItemErrors says which ones are not; any
// other error means that none is. What failed is handed over again, unless the
// error is Business or Permanent. Since something stored may be handed over once
// more after a crash, a good sink recognises ids. Dispatch may be called by as
// many goroutines at once as the pipeline is told to use (one, unless set). It
// must not keep the slice.
type Sink[T any] interface {
	Dispatch(ctx context.Context, txs []Transaction[T]) error
}

// Connector is both a Source and a Sink of one system. It turns raw protocol
// data into transactions and back, nothing more.
type Connector[T any] interface {
	Source[T]
	Sink[T]
}

// Counter is a Source that knows, at little cost, how many transactions it still
// holds, those delayed or handed out and not yet settled included. A run that is
// to end when its source is empty asks it before it believes an empty Fetch.
type Counter interface {
	Count(ctx context.Context) (int, error)
}

// Finder is a Source that can look one transaction up by its id. It returns
// ErrNotFound where there is none.
type Finder[T any] interface {
	Find(ctx context.Context, id string) (Transaction[T], error)
}

// Extender is a Source whose transactions are leased: unless they are settled or
// extended within Lease, the source hands them out again.
//
// Extend prolongs the lease of transactions that are still being worked on to a
// full Lease from now. It is called beside every other method. ItemErrors says
// which ones were not extended; those whose error is ErrLeaseLost are gone for
// good, and their work is cancelled.
type Extender[T any] interface {
	Lease() time.Duration
	Extend(ctx context.Context, txs []Transaction[T]) error
}

// Starter is a Source or Sink that must be started before it is used. A run
// calls Start before its first Fetch. Start after Start changes nothing.
type Starter interface {
	Start(ctx context.Context) error
}

// Stopper is a Source or Sink that must be stopped after use: what it buffers
// is written, what it opened itself is closed. A run calls Stop after its last
// Settle, in the reverse order of Start, also when the run failed. Stop after
// Stop changes nothing, and Start after Stop works.
type Stopper interface {
	Stop(ctx context.Context) error
}

// HealthChecker is a Source, Sink or Service that can say whether it would work
// now. It returns nil where it would.
type HealthChecker interface {
	Health(ctx context.Context) error
}

// Filler is a Source that can do what Fetch does in memory that it is given, so
// that a run can use the same memory again and again. It is worth having where
// transactions come by the million and cost next to nothing to make.
//
// Fill fetches up to len(txs) transactions into txs and returns how many, with the
// promises of Fetch. What stands in txs before means nothing, and it must not keep
// the slice: the next Fill may be given the same. source is the Source that the run
// was given: where a Filler is embedded in another type, which may have a Fetch of
// its own, that is not the Filler, and Fill must do nothing but return
// errors.ErrUnsupported. The run calls Fetch then, from there on.
type Filler[T any] interface {
	Fill(ctx context.Context, source Source[T], txs []Transaction[T]) (n int, err error)
}

// Prefetcher is a Source that wants no more than so many transactions in flight.
type Prefetcher interface {
	Prefetch() int
}

// Destination is a place in another system, as telemetry names it: never with a
// credential, and of few values, whatever comes through.
type Destination struct {
	System string // as OpenTelemetry names messaging systems: "kafka", "sqlite"; "" = not known
	Name   string // of the queue, topic, table or file; "" = not known
}

// Addressed is a Source or Sink that can say where it takes from or stores to. It is
// asked once, before a run.
type Addressed interface {
	Destination() Destination
}

var (
	// ErrNotFound says that a Finder has no transaction of that id.
	ErrNotFound = errors.New("ergon: not found")
	// ErrLeaseLost says that a lease could not be extended: the source hands the
	// transaction out again. It is the cause with which the context of the work on it ends.
	ErrLeaseLost = errors.New("ergon: lease lost")
)
