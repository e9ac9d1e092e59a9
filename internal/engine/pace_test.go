package engine

import (
	"testing"
	"time"

	"github.com/matryer/is"
)

// paceWarm returns a pace that has seen n more attempts than the warm-up, of one
// length, in slabs of the size that it asked for.
func paceWarm(n int, each time.Duration) *pace {
	p := &pace{}
	p.note(warmUp, time.Nanosecond)
	for range n {
		p.note(p.size(), time.Duration(p.size())*each)
	}
	return p
}

// What is taken at once follows how long an attempt takes.
func TestAPaceFollowsTheAttempts(t *testing.T) {
	for _, c := range []struct {
		name string
		pace *pace
		size int
	}{
		{"nothing is known", &pace{}, 1},
		{"it warms up, however short", func() *pace { p := &pace{}; p.note(warmUp-1, 1); return p }(), 1},
		{"it quickens step by step", paceWarm(1, 10), 2},
		{"and step by step", paceWarm(4, 10), 16},
		{"up to the most", paceWarm(40, 10), mostAtOnce},
		{"as many as are over in time", paceWarm(40, time.Microsecond), 50},
		{"one where an attempt takes its time", paceWarm(40, time.Millisecond), 1},
		{"it slows down at once", func() *pace { p := paceWarm(40, 10); p.note(100, 100*10*time.Microsecond); return p }(), 5},
	} {
		t.Run(c.name, func(t *testing.T) { is.New(t).Equal(c.pace.size(), c.size) })
	}
}

// Nothing is carried on of which nobody knows how long it takes.
func TestAPaceKnowsWhatItCosts(t *testing.T) {
	is := is.New(t)
	is.True((&pace{}).cost(1) > carryTime)
	is.Equal(paceWarm(1, 100).cost(10), time.Microsecond)
	is.True(paceWarm(1, time.Millisecond).cost(1) > carryTime)
}

// What takes its time now and then is never thought to be quick: not before as many
// attempts in a row were as it takes in the beginning.
func TestWhatTakesItsTimeNowAndThenIsNotQuick(t *testing.T) {
	is := is.New(t)
	var p pace
	quick := func(n int) {
		for range n {
			p.note(1, 100*time.Nanosecond)
		}
	}
	quick(warmUp + 1)
	is.Equal(p.cost(10), time.Microsecond)
	is.True(p.size() > 1)
	p.note(1, time.Millisecond)
	for range 3 {
		is.Equal(p.cost(1), time.Hour)
		is.Equal(p.size(), 1)
		quick(warmUp)
		p.note(1, 30*time.Millisecond)
	}
	quick(warmUp + 1)
	is.Equal(p.cost(10), time.Microsecond)
	p.note(100, 100*40*time.Microsecond) // which is slow for what is handed on, but not beyond knowing
	is.Equal(p.cost(1), 200*time.Nanosecond)
}
