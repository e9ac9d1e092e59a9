package work

import (
	"math"
	"time"
)

// Step is what one stage does with one item.
type Step func(Item) Item

// trivialTurns makes Trivial take about 17 ns, the copies of the item included,
// where one turn takes a little more than a nanosecond.
const trivialTurns = 7

// Trivial is a step so small that the time is that of the hand-over.
//
//go:noinline
func Trivial(v Item) Item {
	v.A = mixed(v.A, trivialTurns)
	v.B += v.A
	return v
}

// Busy returns a step that computes for about as long as asked for. How long it
// really takes depends on the machine, and is measured beside every use of it.
func Busy(d time.Duration) Step {
	const probe = 100_000
	fastest := time.Duration(math.MaxInt64) // the others were disturbed
	v := Item{ID: 1}
	for range 20 {
		began := time.Now()
		v = turned(v, probe)
		fastest = min(fastest, time.Since(began))
	}
	turns := int(d.Nanoseconds() * probe / max(1, fastest.Nanoseconds()))
	return func(v Item) Item { return turned(v, turns) }
}

// Sleepy returns a step that waits.
func Sleepy(d time.Duration) Step {
	return func(v Item) Item {
		time.Sleep(d)
		return turned(v, 1)
	}
}

// turned mixes an item so many times.
//
//go:noinline
func turned(v Item, times int) Item {
	v.A = mixed(v.A, times)
	v.B += v.A
	return v
}

// mixed mixes a number so many times, each time on top of the last.
func mixed(a uint64, times int) uint64 {
	for range times {
		a ^= a >> 29
		a *= 0xbf58476d1ce4e5b9
	}
	return a
}
