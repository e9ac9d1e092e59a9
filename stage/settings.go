package stage

import (
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/check"
)

// Settings is what the options of one stage add up to. It is for those who run
// stages; a user gives options.
type Settings struct {
	Name       string
	Policy     Policy
	Limiter    Limiter
	Classify   func(error) ergon.Category
	BestEffort bool

	given struct{ name, workers, buffer, retry, limiter, classify, batch bool }
}

// MostWorkers bounds Workers: more is taken for a mistake.
const MostWorkers = 1_000_000

// Resolve adds options up. Of one given twice the last counts; a nil option is
// passed over.
func Resolve[O SinkOption](options []O) Settings {
	var s Settings
	for _, o := range options {
		if any(o) != nil {
			o.apply(&s)
		}
	}
	return s
}

// Override lays a policy from outside over the settings.
func (s Settings) Override(p Policy) Settings {
	s.given.retry = s.given.retry || p.Retry != s.Policy.Retry && p.Retry != (Policy{}).Retry
	s.Policy = p.over(s.Policy)
	return s
}

// HasRetry reports whether a retry policy was given.
func (s Settings) HasRetry() bool { return s.given.retry }

// Validate returns every fault of the settings, naming the stage as where.
func (s Settings) Validate(where string) error {
	var faults []error
	fault := func(field string, value any, why string) {
		faults = append(faults, &ergon.ConfigError{Where: where, Field: field, Value: fmt.Sprint(value), Why: why})
	}
	count := func(field string, n int, given bool, most int) {
		switch {
		case given && n == 0:
			fault(field, n, "must be at least 1; leave it out for the default")
		case n < 0:
			fault(field, n, "must be at least 1")
		case n > most:
			fault(field, n, fmt.Sprintf("must be at most %d", most))
		}
	}
	if s.given.name && s.Name == "" {
		fault("Named", `""`, "a name must not be empty")
	}
	count("Workers", s.Policy.Workers, s.given.workers, MostWorkers)
	count("Buffer", s.Policy.Buffer, s.given.buffer, MostWorkers)
	count("Batch", s.Policy.Batch, s.given.batch, MostWorkers)
	if s.Policy.Within < 0 {
		fault("Within", s.Policy.Within, "must not be negative")
	}
	if s.given.limiter && check.Nil(s.Limiter) {
		fault("Limit", "", "the limiter is nil")
	}
	if s.given.classify && s.Classify == nil {
		fault("Classify", "", "the function is nil")
	}
	return errors.Join(append(faults, check.Placed(where, s.Policy.Retry.Validate())...)...)
}
