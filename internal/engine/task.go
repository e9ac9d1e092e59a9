package engine

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/seam"
)

// task is what a pool works on until it has ended: one item, or the items of one
// batch that have not ended yet.
type task[T, R any] struct {
	items []T
	tries []tries // one for each item; nil before the first failure
	turn  *turn[R]
	spots []int // where in its turn each item stands; nil: at its index
	skip  int   // of a FlatMap: how many children have been dealt with already
	bad   []int // and which of them failed alone
	first bool  // what is behind it in a hand waits for its end
}

// tries is what one item has been through in one stage.
type tries struct {
	count   int       // attempts that count
	first   time.Time // when the first of them began
	wait    time.Duration
	history []ergon.Attempt
}

// note keeps an attempt: of more than MostAttempts the first half and the last.
func (t *tries) note(a ergon.Attempt) {
	if len(t.history) == ergon.MostAttempts {
		half := ergon.MostAttempts / 2
		copy(t.history[half:], t.history[half+1:])
		t.history = t.history[:ergon.MostAttempts-1]
	}
	t.history = append(t.history, a)
}

// turn is the place of a slab in an ordered pool: it is given up when all of the
// slab has ended.
type turn[R any] struct {
	ticket  seam.Ticket
	left    atomic.Int64
	results []R
	done    []bool
}

// succeeded returns what is to be handed on, all in its order.
func (t *turn[R]) succeeded() []R {
	first := slices.Index(t.done, false)
	if first < 0 {
		return t.results
	}
	out := t.results[:first]
	for i, done := range t.done[first:] {
		if done {
			out = append(out, t.results[first+i])
		}
	}
	return out
}

// newTurn returns the turn of a slab of n items.
func (p *pool[T, R]) newTurn(ticket seam.Ticket, n int) *turn[R] {
	p.mu.Lock()
	var t *turn[R]
	if last := len(p.turns) - 1; last >= 0 {
		t, p.turns = p.turns[last], p.turns[:last]
	} else {
		t = &turn[R]{}
	}
	p.mu.Unlock()
	t.ticket = ticket
	t.results = slices.Grow(t.results[:0], n)[:n]
	t.done = slices.Grow(t.done[:0], n)[:n]
	t.left.Store(int64(n))
	return t
}

// newExit returns an exit in which nothing is.
func (p *pool[T, R]) newExit() *exit {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.exits) - 1
	if last < 0 {
		return &exit{}
	}
	x := p.exits[last]
	p.exits = p.exits[:last]
	return x
}

// freeExit keeps an exit that all have left by, for use again.
func (p *pool[T, R]) freeExit(x *exit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.exits = append(p.exits, x)
}

// free keeps a turn that is over, for use again.
func (p *pool[T, R]) free(t *turn[R]) {
	clear(t.results)
	clear(t.done)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turns = append(p.turns, t)
}

// spot returns where in its turn the i-th item of a task stands.
func (t *task[T, R]) spot(i int) int {
	if t.spots == nil {
		return i
	}
	return t.spots[i]
}

// take enters results of a task in its turn, which are handed on when that leaves.
func (t *task[T, R]) take(results []R, handedOn bool) {
	for i := range t.items {
		spot := t.spot(i)
		t.turn.results[spot], t.turn.done[spot] = results[i], handedOn
	}
}

// part returns a task of the items with the given indexes.
func (t *task[T, R]) part(indexes []int) *task[T, R] {
	p := &task[T, R]{turn: t.turn, skip: t.skip, bad: t.bad, first: t.first}
	for _, i := range indexes {
		p.items = append(p.items, t.items[i])
		if t.tries != nil {
			p.tries = append(p.tries, t.tries[i])
		}
		p.spots = append(p.spots, t.spot(i))
	}
	return p
}

// attempts returns how many attempts of the task count so far.
func (t *task[T, R]) attempts() int {
	if t == nil || t.tries == nil {
		return 0
	}
	return t.tries[0].count
}
