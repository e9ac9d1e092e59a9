package ergon

import (
	"fmt"
	"log/slog"
	"time"
)

// Failure is all that is known of a transaction that could not be processed. It
// is what an OnError handler sees.
type Failure[T any] struct {
	Transaction Transaction[T] // as it was fetched
	Stage       string         // where it failed
	Err         error          // the last error of that stage
	Category    Category
	Attempts    []Attempt // every attempt of that stage, in order
	Verdict     Verdict   // what becomes of it unless the handler steers
	Item        int       // which of the things that came of it failed, counted from 0; 0 where it was never split
	// Also holds the other failures of the same transaction, where several of
	// the things that came of it failed: at most MostFailures, worst first.
	Also []Failure[T]

	value any
}

// MostFailures bounds how many failures of one transaction are kept.
const MostFailures = 16

// MostAttempts bounds how many attempts of one failure are kept: of more, the
// first half and the last.
const MostAttempts = 64

// At returns the value as the failing stage got it, if it is a U. A stage that
// was never reached has none.
func (f Failure[T]) At[U any]() (U, bool) {
	u, ok := f.value.(U)
	return u, ok
}

// WithAt returns the Failure with the value that At is to return: for tests of
// handlers.
func (f Failure[T]) WithAt[U any](value U) Failure[T] {
	f.value = value
	return f
}

// Format writes which transaction failed, where and why, whatever the verb: the
// value that At returns does not belong in messages.
func (f Failure[T]) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "%v failed in %q: %v", f.Transaction, f.Stage, f.Err)
}

// LogValue logs which transaction failed, where and why.
func (f Failure[T]) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Any("transaction", f.Transaction),
		slog.String("stage", escaped(f.Stage)),
		slog.String("category", f.Category.String()),
		slog.String("verdict", f.Verdict.String()),
		slog.Any("error", f.Err),
	)
}

// Attempt is one call of a stage's function.
type Attempt struct {
	Number   int           // from 1
	Start    time.Time     // when the call began
	Duration time.Duration // how long it took
	Wait     time.Duration // how long the transaction waited before it
	Err      error         // why it failed
}
