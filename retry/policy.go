package retry

import (
	"cmp"
	"math"
	"time"
)

// Unlimited, as MaxAttempts, tries again for as long as Within and the context
// allow.
const Unlimited = -1

const (
	defaultMaxAttempts       = 3
	defaultBackoff           = 100 * time.Millisecond
	defaultBackoffMultiplier = 2
	defaultBackoffCap        = 30 * time.Second
)

// Policy says how often a call is tried, how long it may take, and how long the
// waits between attempts are. It is plain data and may come from a file. The
// zero value is useful: three attempts, with waits of up to 100 ms and 200 ms.
// In every field 0 means unset. Safe for concurrent use.
type Policy struct {
	// MaxAttempts is how often the function is called, the first time included:
	// 0 = 3, Unlimited = no bound. On a sink and on DeadLetter of a pipeline 0
	// stays unlimited; in a stage it is 3 only where stage.Retry was given.
	MaxAttempts int
	// AttemptTimeout is how long one attempt may take, told to the function by
	// the deadline of its context. 0 = no timeout of its own in Do and Wrap;
	// stages have their own default.
	AttemptTimeout time.Duration
	// Within bounds all attempts and waits together, from the first attempt on:
	// no attempt begins once it has passed, no wait is begun that would outlast
	// it, and a running attempt's context ends with it. 0 = no bound.
	Within time.Duration
	// Backoff is the wait before the first retry. 0 = 100 ms.
	Backoff time.Duration
	// BackoffMultiplier is what each wait is multiplied by to get the next; 1
	// keeps them the same, less than 1 is an error. 0 = 2.
	BackoffMultiplier float64
	// BackoffCap is the longest wait, jitter included; less than Backoff is an
	// error. 0 = 30 s, or the Backoff where that is longer.
	BackoffCap time.Duration
	// Jitter says how waits are spread at random.
	Jitter Jitter
}

// Or returns the Policy with every unset field taken from defaults. FullJitter
// is the unset Jitter, so it gives way to another one in defaults. A BackoffCap
// from defaults is raised to the Policy's own Backoff where that is longer: who
// sets a Backoff alone makes no fault.
func (p Policy) Or(defaults Policy) Policy {
	merged := Policy{
		MaxAttempts:       cmp.Or(p.MaxAttempts, defaults.MaxAttempts),
		AttemptTimeout:    cmp.Or(p.AttemptTimeout, defaults.AttemptTimeout),
		Within:            cmp.Or(p.Within, defaults.Within),
		Backoff:           cmp.Or(p.Backoff, defaults.Backoff),
		BackoffMultiplier: cmp.Or(p.BackoffMultiplier, defaults.BackoffMultiplier),
		BackoffCap:        cmp.Or(p.BackoffCap, defaults.BackoffCap),
		Jitter:            cmp.Or(p.Jitter, defaults.Jitter),
	}
	if p.BackoffCap == 0 && merged.BackoffCap > 0 {
		merged.BackoffCap = max(merged.BackoffCap, p.Backoff)
	}
	return merged
}

// Attempts returns how often the function is called at most: MaxAttempts, or
// what stands for it. Unlimited is math.MaxInt.
func (p Policy) Attempts() int {
	switch {
	case p.MaxAttempts == Unlimited:
		return math.MaxInt
	case p.MaxAttempts < 1:
		return defaultMaxAttempts
	}
	return p.MaxAttempts
}
