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
type task struct {
	items things
	tries []tries // one for each item; nil before the first failure
	turn  *turn
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
type turn struct {
	ticket  seam.Ticket
	left    atomic.Int64
	results tray // nil: nothing is handed on
	done    []bool
}

// newTurn returns the turn of a slab of n items.
func (p *core) newTurn(ticket seam.Ticket, n int) *turn {
	p.mu.Lock()
	var t *turn
	if last := len(p.turns) - 1; last >= 0 {
		t, p.turns = p.turns[last], p.turns[:last]
	} else {
		t = &turn{}
	}
	p.mu.Unlock()
	t.ticket = ticket
	if p.body.out != nil {
		if t.results == nil {
			t.results = p.body.out.tray()
		}
		t.results.room(n)
	}
	t.done = slices.Grow(t.done[:0], n)[:n]
	t.left.Store(int64(n))
	return t
}

// newExit returns an exit in which nothing is.
func (p *core) newExit() *exit {
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
func (p *core) freeExit(x *exit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.exits = append(p.exits, x)
}

// free keeps a turn that is over, for use again.
func (p *core) free(t *turn) {
	if t.results != nil {
		t.results.clear(len(t.done))
	}
	clear(t.done)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turns = append(p.turns, t)
}

// spot returns where in its turn the i-th item of a task stands.
func (t *task) spot(i int) int {
	if t.spots == nil {
		return i
	}
	return t.spots[i]
}

// take enters results of a task in its turn, which are handed on when that leaves.
func (t *task) take(results place, handedOn bool) {
	for i := range t.items.len() {
		t.takeOne(i, results, handedOn)
	}
}

// takeOne is take for the result of one of its items.
func (t *task) takeOne(i int, results place, handedOn bool) {
	spot := t.spot(i)
	if t.turn.results != nil {
		t.turn.results.take(spot, results.tray, results.at+i)
	}
	t.turn.done[spot] = handedOn
}

// part returns a task of the items with the given indexes.
func (t *task) part(indexes []int) *task {
	p := &task{items: t.items.part(indexes), turn: t.turn, skip: t.skip, bad: t.bad, first: t.first}
	for _, i := range indexes {
		if t.tries != nil {
			p.tries = append(p.tries, t.tries[i])
		}
		p.spots = append(p.spots, t.spot(i))
	}
	return p
}

// attempts returns how many attempts of the task count so far.
func (t *task) attempts() int {
	if t == nil || t.tries == nil {
		return 0
	}
	return t.tries[0].count
}
