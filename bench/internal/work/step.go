package work

import (
	"math"
	"time"
)

// Step is what one stage does with one item.
type Step func(Item) Item

// trivialTurns makes Trivial take about 17 ns where a multiplication and two
// other operations take about a nanosecond.
const trivialTurns = 13

// Trivial is a step so small that the time is that of the hand-over.
//
//go:noinline
func Trivial(v Item) Item { return turned(v, trivialTurns) }

// Busy returns a step that computes for about as long as asked for. How long it
// really takes depends on the machine, and is measured beside every use of it.
func Busy(d time.Duration) Step {
	const probe = 100_000
	fastest := time.Duration(math.MaxInt64) // the others were disturbed
	for range 20 {
		began := time.Now()
		turned(Item{ID: 1}, probe)
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

// turned mixes an item so many times, each time on top of the last.
//
//go:noinline
func turned(v Item, times int) Item {
	a := v.A
	for range times {
		a ^= a >> 29
		a *= 0xbf58476d1ce4e5b9
	}
	v.A, v.B, v.C = a, v.B+a, v.C^a
	return v
}
