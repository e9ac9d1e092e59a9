package retry

import (
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/ergon-go/ergon"
)

// Validate returns every fault of the Policy, joined, each an
// *ergon.ConfigError; nil where there is none.
func (p Policy) Validate() error {
	first, most := p.Backoff, p.BackoffCap
	if first == 0 {
		first = defaultBackoff
	}
	if most == 0 {
		most = max(defaultBackoffCap, first)
	}
	var f faults
	if p.MaxAttempts < Unlimited {
		f.add("MaxAttempts", strconv.Itoa(p.MaxAttempts), "must be at least 1, or Unlimited")
	}
	f.addNegative("AttemptTimeout", p.AttemptTimeout)
	f.addNegative("Within", p.Within)
	f.addNegative("Backoff", p.Backoff)
	if m := p.BackoffMultiplier; m != 0 && !(m >= 1 && !math.IsInf(m, 0)) { // true for NaN
		f.add("BackoffMultiplier", strconv.FormatFloat(m, 'g', -1, 64), "must be a number of at least 1")
	}
	f.addNegative("BackoffCap", p.BackoffCap)
	if first > 0 && most > 0 && most < first {
		f.add("BackoffCap", most.String(), "is below the Backoff of "+first.String())
	}
	if p.Jitter > NoJitter {
		f.add("Jitter", p.Jitter.String(), "is unknown")
	}
	return errors.Join(f...)
}

// faults are what is wrong with a Policy. A sound one costs no memory.
type faults []error

func (f *faults) add(field, value, why string) {
	*f = append(*f, &ergon.ConfigError{Where: "retry.Policy", Field: field, Value: value, Why: why})
}

func (f *faults) addNegative(field string, d time.Duration) {
	if d < 0 {
		f.add(field, d.String(), "must not be negative")
	}
}
