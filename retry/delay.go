package retry

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// Delay returns the wait before a retry, counted from 0, drawn anew at each
// call: min(cap, backoff · multiplier^retry), spread by the Jitter. It is never
// negative and never above the cap, which where it is unset is 30 s or the
// Backoff, whichever is longer. This holds for any retry, also of a Policy that
// Validate refuses: values that make no sense count as unset there.
func (p Policy) Delay(retry int) time.Duration {
	return p.Jitter.Spread(p.step(retry), rand.Uint64N)
}

// step returns the wait before a retry without its jitter.
//
// The series of package backoff keeps its place in itself, while a wait here
// depends on the number of the retry alone. So the series is asked for its
// second element, with multiplier^retry for a multiplier: that is the element
// asked for, at the same cost for any retry, without rounding at every step, and
// with the series' own guard against overflow.
func (p Policy) step(retry int) time.Duration {
	first, most := p.bounds()
	series := backoff.ExponentialBackOff{
		InitialInterval: first,
		Multiplier:      math.Pow(p.multiplier(), float64(max(retry, 0))),
		MaxInterval:     most,
		Clock:           standstill{},
	}
	series.Reset()
	series.NextBackOff()
	wait := series.NextBackOff()
	if wait < 0 || wait > most { // a float64 rounds near the end of int64
		return most
	}
	return wait
}

// bounds returns the first wait and the longest.
func (p Policy) bounds() (first, most time.Duration) {
	first, most = p.Backoff, p.BackoffCap
	if first <= 0 {
		first = defaultBackoff
	}
	if most <= 0 {
		most = max(defaultBackoffCap, first)
	}
	return min(first, most), most
}

func (p Policy) multiplier() float64 {
	if p.BackoffMultiplier >= 1 && !math.IsInf(p.BackoffMultiplier, 0) { // false for NaN
		return p.BackoffMultiplier
	}
	return defaultBackoffMultiplier
}

// standstill is the clock of a series that has no end: nobody looks at it.
type standstill struct{}

func (standstill) Now() time.Time { return time.Time{} }
