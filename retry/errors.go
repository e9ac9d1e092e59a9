package retry

import (
	"errors"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
)

// ExhaustedError says that a Policy is used up: there were as many attempts as
// it allows, or the next could not have begun within its time.
//
// errors.Is and errors.As see the errors of all attempts that are kept, the last
// first. To a stage around it is an ordinary error: a RetryAfter or Hold of an
// attempt has been heeded here, and asks nothing of anybody else.
type ExhaustedError struct {
	// Attempts are the calls, in order; of more than ergon.MostAttempts the
	// first half and the last. A call that asked to be held did not count, so
	// the one after it has the same number.
	Attempts []ergon.Attempt
	// Made is how many attempts counted, those no longer in Attempts included.
	Made int
	// Elapsed is how long it took, waits included.
	Elapsed time.Duration
	// Within is the bound on Elapsed that ended it; 0 where it was the number of
	// attempts.
	Within time.Duration
}

// Error says how many attempts were made and why the last one failed.
func (e *ExhaustedError) Error() string {
	text := "retry: " + attempts(e.Made) + " failed"
	if e.Within > 0 {
		text += fmt.Sprintf(" and %v leaves no time for another", e.Within)
	}
	if last := lastOf(e.Attempts); last != nil {
		text += ", the last: " + last.Error()
	}
	return text
}

// Unwrap returns the error of every attempt that is kept, the last first.
func (e *ExhaustedError) Unwrap() []error {
	errs := make([]error, 0, len(e.Attempts))
	for i := len(e.Attempts) - 1; i >= 0; i-- {
		if err := e.Attempts[i].Err; err != nil {
			errs = append(errs, unsteered(err))
		}
	}
	return errs
}

func lastOf(history []ergon.Attempt) error {
	if len(history) == 0 {
		return nil
	}
	return history[len(history)-1].Err
}

func attempts(n int) string {
	if n == 1 {
		return "1 attempt"
	}
	return fmt.Sprintf("%d attempts", n)
}

// unsteered returns err so that errors.Is and errors.As see all of it, and
// ergon.SteeringOf sees an ordinary error.
func unsteered(err error) error {
	if s, _ := ergon.SteeringOf(err); s == ergon.SteerRetry {
		return err
	}
	return heeded{err}
}

// heeded is an error whose steering has been carried out. It has no Unwrap, for
// that is the way on which the steering would be found again.
type heeded struct{ err error }

func (h heeded) Error() string        { return h.err.Error() }
func (h heeded) Is(target error) bool { return errors.Is(h.err, target) }
func (h heeded) As(target any) bool   { return errors.As(h.err, target) }
