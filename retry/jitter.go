package retry

import (
	"strconv"
	"time"
)

// Jitter says how a wait is spread at random, so that many who failed together
// do not come back together. It only ever shortens a wait.
type Jitter uint8

const (
	// FullJitter draws from nothing to the whole wait.
	FullJitter Jitter = iota
	// EqualJitter draws from half of the wait to the whole.
	EqualJitter
	// NoJitter takes the wait as it is.
	NoJitter
)

var jitterNames = [...]string{"full", "equal", "none"}

// String returns the jitter in lower case.
func (j Jitter) String() string {
	if int(j) < len(jitterNames) {
		return jitterNames[j]
	}
	return "jitter(" + strconv.Itoa(int(j)) + ")"
}

// Spread returns a wait as the jitter shortens it. draw returns a number below n,
// any of them equally likely, as rand.Uint64N does.
func (j Jitter) Spread(wait time.Duration, draw func(n uint64) uint64) time.Duration {
	switch j {
	case NoJitter:
		return wait
	case EqualJitter:
		return wait - upTo(wait/2, draw)
	default:
		return upTo(wait, draw)
	}
}

// upTo draws evenly from 0 to most, both included.
func upTo(most time.Duration, draw func(n uint64) uint64) time.Duration {
	return time.Duration(draw(uint64(max(most, 0)) + 1))
}
