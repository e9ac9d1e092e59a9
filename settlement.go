package ergon

import (
	"context"
	"strings"
	"time"
)

// Verdict is what a source is told about a transaction, exactly once. The order
// is that of gravity: of several, the worst wins.
type Verdict uint8

const (
	// Acked: everything that came of the transaction is safely stored, or nothing had to be.
	Acked Verdict = iota
	// DeadLettered: it cannot succeed; the source is to set it aside.
	DeadLettered
	// Released: abandoned at a stop, through no fault of its own; the source may hand it out again at once.
	Released
	// Returned: it failed and may yet succeed; the source is to hand it out again after a delay.
	Returned
)

var verdictNames = [...]string{"acked", "dead-lettered", "released", "returned"}

// String returns the verdict in lower case.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "verdict(" + itoa(int(v)) + ")"
}

// Worse returns the graver of two verdicts.
func (v Verdict) Worse(other Verdict) Verdict { return max(v, other) }

// Verdicts is a set of verdicts. The zero value is empty.
type Verdicts uint8

// VerdictSet returns the set of the given verdicts.
func VerdictSet(verdicts ...Verdict) Verdicts {
	var set Verdicts
	for _, v := range verdicts {
		set |= 1 << v
	}
	return set
}

// Has reports whether the verdict is in the set.
func (s Verdicts) Has(v Verdict) bool { return v < 8 && s&(1<<v) != 0 }

// String returns the verdicts of the set, separated by commas.
func (s Verdicts) String() string {
	var names []string
	for v := range verdictNames {
		if s.Has(Verdict(v)) {
			names = append(names, verdictNames[v])
		}
	}
	return strings.Join(names, ", ")
}

// Settlement tells a source what became of a transaction it handed out.
type Settlement[T any] struct {
	Transaction Transaction[T] // as it was fetched, with its receipt
	Verdict     Verdict
	Delay       time.Duration // with Returned: hand it out again no sooner than this; 0 = at once
	Cause       error         // why it was not Acked; nil with Acked and Released
}

// Settler is a Source that can be told what became of its transactions.
//
// Settle is called by one goroutine at a time, beside Fetch and Dispatch, with a
// context that outlives the stop of the pipeline. nil means that every
// settlement is safely stored; ItemErrors says which ones are not; any other
// error means that none is. It may be called again with a settlement it has
// stored already, and a receipt that is stale (its lease ran out, its connection
// is gone) is no error. It must not keep the slice.
type Settler[T any] interface {
	Settle(ctx context.Context, settlements []Settlement[T]) error
}

// Accepter is a Settler that says which verdicts it can carry out. A Settler
// without it is taken to accept Acked, Released and Returned.
type Accepter interface {
	Accepts() Verdicts
}
