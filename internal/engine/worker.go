package engine

import (
	"sync/atomic"

	"github.com/ergon-go/ergon/internal/seam"
)

// worker is who holds a slot of a pool.
type worker[T, R any] struct {
	pool  *pool[T, R]
	desk  desk
	shelf shelf
	root  root
	host  atomic.Pointer[desk] // of the goroutine that does its work
	busy  atomic.Bool          // user code is called for what was begun last
	hand  seam.Hand[T]
	task  task[T, R]    // of a whole slab; used again
	trial attempt[T, R] // of that; used again
	room  []R           // for results; used again
	rest  any           // what the body has used, and uses again
	by    carrier       // who does its work; nobody: its own goroutine
	flight[T, R]
}

// newWorker returns a worker that has not begun.
func newWorker[T, R any](p *pool[T, R]) *worker[T, R] {
	r := p.run
	w := &worker[T, R]{pool: p}
	w.hand.Owner = w
	w.host.Store(&w.desk)
	w.root = root{desk: &w.desk, warden: &r.warden, replace: func() { p.replace(w) }}
	r.warden.enter(&w.root)
	w.each = r.watch != nil || r.leased || p.budgeted()
	if !w.each {
		w.call, w.leash = &call[T, R]{pool: p}, w.newLeash()
	}
	return w
}

// takeLeash takes another leash where somebody has asked the one there is since the
// last attempt: that is the context of something long over.
func (w *worker[T, R]) takeLeash() {
	if w.leash == nil {
		return
	}
	if p := w.leash.asked.Load(); p != nil {
		p.end()
		w.leash = w.newLeash()
	}
}

// newLeash returns a context for attempts.
func (w *worker[T, R]) newLeash() *leash {
	p, limit := w.pool, w.pool.step.Timeout
	if within := p.step.Retry.Within; within > 0 {
		limit = min(limit, within)
	}
	return &leash{parent: p.baseContext(nil), limit: p.run.lab.Apart(limit), began: w.sinceWhen}
}

// results returns room for n results, empty.
func (w *worker[T, R]) results(n int) []R {
	if len(w.room) < n {
		w.room = make([]R, n)
	}
	clear(w.room[:n])
	return w.room[:n]
}

// step does the next piece of work. If user code ends the goroutine, everything
// has been put in order by then, and another goroutine calls step again.
func (w *worker[T, R]) step() bool {
	if !w.stays() {
		return false
	}
	w.desk.name()
	if w.unfinished() {
		return w.run()
	}
	work, ok := w.pool.queue.Take(&w.hand, w.pool.atOnce())
	return ok && w.do(work)
}

// unfinished reports whether there is something in the hand that can go on.
func (w *worker[T, R]) unfinished() bool {
	_, some := w.hand.Now()
	return some && !w.pool.waits()
}

// do does a piece of work. It returns false when the run is over.
func (w *worker[T, R]) do(work seam.Work[*task[T, R]]) bool {
	p := w.pool
	switch {
	case work.Old:
		p.do(w, work.Again)
		return true
	case work.Rest:
		return p.waits() || w.run()
	case p.step.Ordered && !work.Shared:
		w.hand.Shared = p.newTurn(w.hand.Ticket, w.hand.Size)
	}
	if p.wholly {
		w.task = task[T, R]{items: w.hand.Items(), turn: w.shared()}
		p.do(w, &w.task)
		return true
	}
	if p.queue.Open(&w.hand, p.pace.cost(w.hand.Size) > carryTime) {
		p.run.warden.look()
	}
	return w.run()
}

// shared returns the turn of what is in the hand.
func (w *worker[T, R]) shared() *turn[R] {
	t, _ := w.hand.Shared.(*turn[R])
	return t
}

// run attempts what is in the hand, item by item. It returns false when the run
// is over.
func (w *worker[T, R]) run() bool {
	p := w.pool
	w.turn = w.shared()
	for w.burst() && w.stays() && !p.waits() && !p.run.isOver() {
	}
	return !p.run.isOver()
}

// stays reports whether the worker still has its slot, or has it again. Where it
// has not, those who help begin what is left in its hand.
func (w *worker[T, R]) stays() bool { return !w.root.lost || w.pool.takeBack(w) }

// current returns the node of the item that is attempted. Any goroutine may ask.
func (w *worker[T, R]) current() *node {
	i, ok := w.hand.Now()
	if items := w.hand.Items(); ok && i < len(items) {
		return w.pool.body.node(items[i])
	}
	return nil
}

// back notes that user code has come back, or has ended the goroutine.
func (w *worker[T, R]) back(gone bool) {
	w.busy.Store(false)
	if gone && !w.carried() {
		w.desk.who.Store(nil)
	}
}

// stuck returns what user code is doing for the worker, if anything.
func (w *worker[T, R]) stuck() (busy, bool) {
	b, some := w.desk.busy()
	if !some {
		if !w.busy.Load() {
			return busy{}, false
		}
		b = busy{Stage: w.pool.step.Name, N: 1}
		if n := w.current(); n != nil {
			b.ID = n.id()
		}
	}
	b.who = w.host.Load().whose()
	return b, true
}
