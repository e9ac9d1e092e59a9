package ergon

import (
	"errors"
	"time"
)

// Steering is what an error asks the pipeline to do.
type Steering uint8

const (
	// SteerRetry is what every plain error asks for: try again as the policy says.
	SteerRetry Steering = iota
	// SteerBusiness is asked for by Business: never try again, set it aside.
	SteerBusiness
	// SteerPermanent is asked for by Permanent: never try again, set it aside.
	SteerPermanent
	// SteerRetryAfter is asked for by RetryAfter.
	SteerRetryAfter
	// SteerHold is asked for by Hold.
	SteerHold
	// SteerReturn is asked for by Return.
	SteerReturn
	// SteerDeadLetter is asked for by DeadLetter.
	SteerDeadLetter
	// SteerDrop is asked for by Drop.
	SteerDrop
	// SteerFatal is asked for by Fatal.
	SteerFatal
	// SteerHandled is asked for by Handled.
	SteerHandled
)

// Handled is returned by an OnError handler that has dealt with a failure: the
// transaction is Acked.
var Handled = errors.New("ergon: handled") //nolint:errname,staticcheck // it is an answer, and reads as one: return ergon.Handled

// Business marks an error as a fault of the data: it is not tried again, and the
// transaction is DeadLettered. Its text becomes the reason in the dead letter,
// cut at LongestText. Business(nil) is nil.
func Business(err error) error { return mark(SteerBusiness, 0, err) }

// Permanent marks an error as one that trying again cannot mend: the transaction
// is DeadLettered. Permanent(nil) is nil.
func Permanent(err error) error { return mark(SteerPermanent, 0, err) }

// RetryAfter asks that the next attempt, if the policy has one left, is made no
// sooner than after d. It counts as an attempt. A stage makes one attempt unless
// stage.Retry gives it more, so without that nothing is tried again.
func RetryAfter(d time.Duration, err error) error { return steer(SteerRetryAfter, d, err) }

// Hold says that the failure is not this transaction's fault (a breaker is open,
// a quota is used up): the whole stage waits d and then tries the transaction
// again. It does not count as an attempt.
func Hold(d time.Duration, err error) error { return steer(SteerHold, d, err) }

// Return gives the transaction back to its source, to be handed out again after
// d, without further attempts here.
func Return(d time.Duration, err error) error { return steer(SteerReturn, d, err) }

// DeadLetter sets the transaction aside, without further attempts.
func DeadLetter(err error) error { return steer(SteerDeadLetter, 0, err) }

// Drop ends the transaction as one that is not wanted: it is Acked, and counted
// as dropped.
func Drop(why string) error { return steer(SteerDrop, 0, errors.New(cut(why, LongestText))) }

// Fatal stops the pipeline, which returns err. The transaction is Released.
func Fatal(err error) error { return steer(SteerFatal, 0, err) }

// SteeringOf returns what an error asks for and, where that is a wait, how long.
// It looks through any wrapping: the outermost mark counts, and of joined errors
// the first that has one. It does not look into ItemErrors, whose entries speak
// for one transaction each, nor into a PanicError: who panics has not answered,
// whatever the value. A nil error asks for nothing: SteerRetry.
func SteeringOf(err error) (Steering, time.Duration) {
	if err == Handled { //nolint:errorlint // wrapped ones are found below
		return SteerHandled, 0
	}
	switch e := err.(type) { //nolint:errorlint // this is the walk
	case *steered:
		return e.steering, e.delay
	case ItemErrors, *PanicError:
		return SteerRetry, 0
	case interface{ Unwrap() error }:
		return SteeringOf(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if s, d := SteeringOf(inner); s != SteerRetry {
				return s, d
			}
		}
	}
	return SteerRetry, 0
}

// steered is an error that steers. Its text is that of the error it carries.
type steered struct {
	steering Steering
	delay    time.Duration
	err      error
}

func (s *steered) Error() string { return s.err.Error() }
func (s *steered) Unwrap() error { return s.err }

// mark says something about an error, so there is nothing to say of none.
func mark(s Steering, d time.Duration, err error) error {
	if err == nil {
		return nil
	}
	return steer(s, d, err)
}

var steeringNames = [...]string{
	"retry", "business error", "permanent error", "retry after", "hold",
	"return", "dead letter", "drop", "fatal", "handled",
}

// String returns the steering in lower case.
func (s Steering) String() string {
	if int(s) < len(steeringNames) {
		return steeringNames[s]
	}
	return "steering(" + itoa(int(s)) + ")"
}

// steer asks for something, with or without an error to say why.
func steer(s Steering, d time.Duration, err error) error {
	if err == nil {
		err = errors.New("ergon: " + s.String())
	}
	return &steered{steering: s, delay: max(d, 0), err: err}
}
