package ergon

import "fmt"

// Ledger is the account of a run. At its end, and whenever it is read, every
// transaction that was fetched stands in exactly one of the rows below it.
type Ledger struct {
	Fetched int64 // transactions taken from the source

	Succeeded    int64 // stored by the sinks, then Acked
	Dropped      int64 // filtered out or dropped, then Acked
	Handled      int64 // dealt with by OnError, then Acked
	DeadLettered int64 // stored as dead letters, or set aside by the source
	Returned     int64 // given back to the source, to be tried again
	Released     int64 // abandoned at a stop
	Unsettled    int64 // the source could not be told, or has no place for the verdict
	InFlight     int64 // not yet settled

	Retries    int64 // attempts after the first: of stages, sinks, handlers, and settling
	BestEffort int64 // what best-effort sinks did not store; in no other row
}

// Balanced reports whether every fetched transaction is accounted for once.
func (l Ledger) Balanced() bool {
	return l.Fetched == l.Settled()+l.Unsettled+l.InFlight
}

// Settled returns how many transactions have ended and their source knows it.
func (l Ledger) Settled() int64 {
	return l.Succeeded + l.Dropped + l.Handled + l.DeadLettered + l.Returned + l.Released
}

// String is the account on one line.
func (l Ledger) String() string {
	return fmt.Sprintf("fetched %d = succeeded %d + dropped %d + handled %d + dead-lettered %d + returned %d + released %d + unsettled %d + in flight %d",
		l.Fetched, l.Succeeded, l.Dropped, l.Handled, l.DeadLettered, l.Returned, l.Released, l.Unsettled, l.InFlight)
}
