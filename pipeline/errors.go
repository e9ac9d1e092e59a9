package pipeline

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/engine"
)

// Conditions that end a run, an attempt or a transaction.
var (
	// ErrRunning says that the pipeline is running already.
	ErrRunning = errors.New("pipeline: it is running already")
	// ErrRunTimeout says that the time of Policy.RunTimeout was over.
	ErrRunTimeout = engine.ErrRunTimeout
	// ErrTooManyFailures says that Policy.MaxFailures was reached.
	ErrTooManyFailures = engine.ErrTooManyFailures
	// ErrDrainTimeout is the cause with which work is cancelled that a stop could not wait for.
	ErrDrainTimeout = engine.ErrDrainTimeout
	// ErrAttemptTimeout is the cause with which the context of an attempt ends that took too long.
	ErrAttemptTimeout = engine.ErrAttemptTimeout
	// ErrTransactionTimeout says that the time of Policy.TransactionTimeout was over.
	ErrTransactionTimeout = engine.ErrTransactionTimeout
	// ErrResults says that a MapBatch function returned another number of results than it was given values.
	ErrResults = engine.ErrResults
	// ErrSequence says that a FlatMap function yielded fewer values than it did for the same input before.
	ErrSequence = engine.ErrSequence
	// ErrNoRoom says that a best-effort branch was full.
	ErrNoRoom = engine.ErrNoRoom
	// ErrObserver says that an observer panicked and was detached.
	ErrObserver = engine.ErrObserver
	// ErrUnbalanced says that the ledger of a run does not balance, which is a bug in ergon.
	ErrUnbalanced = engine.ErrUnbalanced
)

// DrainError says that a stop could not wait for everything in flight, or that
// something was released at a stop instead of being brought to its end.
type DrainError struct {
	Released  int64   // given back to the source
	Unsettled int64   // the source was not told; a lease ends by itself
	Stuck     []Stuck // code that ignores its context, and runs on
	// Failing is what was tried again and again, up to the end, and may be why
	// there is work left.
	Failing []Failing
}

// Failing is a stage, sink or handler whose attempts had failed up to the last
// when a run ended.
type Failing struct {
	Stage string
	Times int   // how many attempts in a row
	Err   error // of the last
}

// Stuck is a goroutine that is still inside a stage, a handler or a connector
// after its context has ended. It runs on; what it returns is ignored.
type Stuck struct {
	Stage        string
	Transaction  string // its id, or that of the first of several; empty where it is about none
	Transactions int    // how many it works on
	Stack        string // as runtime.Stack shows it
}

// Error says how much is left, what was failing, and who is stuck where.
func (e *DrainError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "pipeline: stopped with work left: %d released, %d unsettled", e.Released, e.Unsettled)
	for _, f := range e.Failing {
		fmt.Fprintf(&b, "; %q was failing (%d times in a row): %v", f.Stage, f.Times, f.Err)
	}
	for _, s := range e.Stuck {
		fmt.Fprintf(&b, "; stuck in %q", s.Stage)
		if s.Transaction != "" {
			fmt.Fprintf(&b, " on transaction %.256q", s.Transaction)
		}
		if s.Transactions > 1 {
			fmt.Fprintf(&b, " and %d more", s.Transactions-1)
		}
	}
	return b.String()
}

// Unwrap returns what was failing, and ErrDrainTimeout where something is stuck
// or unsettled.
func (e *DrainError) Unwrap() []error {
	var errs []error
	if len(e.Stuck) > 0 || e.Unsettled > 0 {
		errs = append(errs, ErrDrainTimeout)
	}
	for _, f := range e.Failing {
		errs = append(errs, f.Err)
	}
	return errs
}

// UnhandledError says that transactions ended with a verdict the source has no
// place for. Mostly they are Returned, and the source (a slice, a file) cannot take
// anything back. DeadLetter takes what cannot succeed, not what may yet: for the
// rest OnError has to decide, with ergon.DeadLetter or ergon.Handled, or the
// function has to say that the error is ergon.Business or ergon.Permanent.
type UnhandledError struct {
	Count    int64
	Failures []UnhandledFailure // the first ten
}

// UnhandledFailure is one of them.
type UnhandledFailure struct {
	Transaction string // its id
	Stage       string
	Verdict     ergon.Verdict // what it should have become
	Err         error
}

// Error says how many there are and why the first of them failed.
func (e *UnhandledError) Error() string {
	text := fmt.Sprintf("pipeline: unhandled: %s failed, and the source cannot take back what fails", transactions(e.Count))
	if len(e.Failures) > 0 {
		f := e.Failures[0]
		text += fmt.Sprintf("; the first: %.256q in %q, to be %v: %v", f.Transaction, f.Stage, f.Verdict, f.Err)
	}
	return text + " (" + e.advice() + ")"
}

// advice says what could be done about the first failure.
func (e *UnhandledError) advice() string {
	if len(e.Failures) > 0 && e.Failures[0].Verdict == ergon.DeadLettered {
		return "give the flow a DeadLetter sink, or let OnError answer ergon.Handled or ergon.Drop"
	}
	return "let OnError answer ergon.DeadLetter or ergon.Handled, or mark the error ergon.Business"
}

// Unwrap returns the errors of the failures it holds.
func (e *UnhandledError) Unwrap() []error {
	var errs []error
	for _, f := range e.Failures {
		if f.Err != nil {
			errs = append(errs, f.Err)
		}
	}
	return errs
}

// UnsettledError says that the source could not be told what became of
// transactions: it will hand them out again.
type UnsettledError struct {
	Count int64
	Err   error // why, the first time
}

// Error says how many and why.
func (e *UnsettledError) Error() string {
	return fmt.Sprintf("pipeline: %s could not be settled: %v", transactions(e.Count), e.Err)
}

// Unwrap returns why.
func (e *UnsettledError) Unwrap() error { return e.Err }

func transactions(n int64) string {
	if n == 1 {
		return "1 transaction"
	}
	return fmt.Sprintf("%d transactions", n)
}

// errorOf returns what a run has to say at its end.
func errorOf(out engine.Outcome) error {
	errs := []error{out.Cause, out.Connect}
	if !out.Drained || len(out.Stuck) > 0 || out.Ledger.Released > 0 {
		e := &DrainError{Released: out.Ledger.Released}
		if !out.Drained {
			e.Unsettled = out.Ledger.Unsettled
		}
		for _, s := range out.Stuck {
			e.Stuck = append(e.Stuck, Stuck{Stage: s.Stage, Transaction: s.ID, Transactions: s.N, Stack: s.Stack})
		}
		for _, t := range out.Troubles {
			e.Failing = append(e.Failing, Failing(t))
		}
		errs = append(errs, e)
	}
	if out.Homeless > 0 {
		e := &UnhandledError{Count: out.Homeless}
		for _, u := range out.Unhandled {
			e.Failures = append(e.Failures, UnhandledFailure{Transaction: u.ID, Stage: u.Stage, Verdict: u.Verdict, Err: u.Err})
		}
		errs = append(errs, e)
	}
	if out.Unsettled != nil {
		errs = append(errs, &UnsettledError{Count: out.Ledger.Unsettled - out.Homeless, Err: out.Unsettled})
	}
	return errors.Join(append(errs, out.Observers)...)
}
