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
	return errors.Join(
		fault(p.MaxAttempts < Unlimited, "MaxAttempts", strconv.Itoa(p.MaxAttempts), "must be at least 1, or Unlimited"),
		negative("AttemptTimeout", p.AttemptTimeout),
		negative("Within", p.Within),
		negative("Backoff", p.Backoff),
		multiplierFault(p.BackoffMultiplier),
		negative("BackoffCap", p.BackoffCap),
		fault(first > 0 && most > 0 && most < first, "BackoffCap", most.String(), "is below the Backoff of "+first.String()),
		fault(p.Jitter > NoJitter, "Jitter", p.Jitter.String(), "is unknown"),
	)
}

func multiplierFault(m float64) error {
	usable := m == 0 || m >= 1 && !math.IsInf(m, 0) // false for NaN
	return fault(!usable, "BackoffMultiplier", strconv.FormatFloat(m, 'g', -1, 64), "must be a number of at least 1")
}

func negative(field string, d time.Duration) error {
	return fault(d < 0, field, d.String(), "must not be negative")
}

// fault returns the fault where there is one.
func fault(is bool, field, value, why string) error {
	if !is {
		return nil
	}
	return &ergon.ConfigError{Where: "retry.Policy", Field: field, Value: value, Why: why}
}
