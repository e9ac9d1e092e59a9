package engine

import (
	"sync/atomic"

	"github.com/ergon-go/ergon/internal/seam"
)

// seat is a worker, but for what depends on what it works on.
type seat struct {
	pool   *core
	self   crewman
	hand   *seam.Span
	desk   desk
	shelf  shelf
	root   root
	host   atomic.Pointer[desk] // of the goroutine that does its work
	busy   atomic.Bool          // user code is called for what was begun last
	trial  attempt              // of a whole slab; used again
	room   tray                 // for results; used again; nil: there are none
	rest   any                  // what the body has used, and uses again
	by     carrier              // who does its work; nobody: its own goroutine
	visits bool                 // it is that of a root, for what it carries; it has no goroutine
	flight
}

// crewman is what of a worker depends on what it works on.
type crewman interface {
	fly()
	current() *node   // of the item that is attempted; any goroutine may ask
	alone() things    // the item that is attempted
	node(i int) *node // of one in its hand
	reclaim()         // puts back what lies unbegun in its hand
	// withdraw takes its hand away, if that can be lent now, and says whether it is;
	// regain undoes that.
	withdraw() (away, lent bool)
	regain() bool
}

// init makes a seat of a pool one that has done nothing yet.
func (w *seat) init(p *core, self crewman, hand *seam.Span) {
	r := p.run
	w.pool, w.self, w.hand = p, self, hand
	w.hand.Owner = self
	w.host.Store(&w.desk)
	w.root = root{desk: &w.desk, warden: &r.warden, replace: func() { p.replace(w) }, guest: p.step.Workers <= fewWorkers}
	if p.body.out != nil {
		w.room = p.body.out.tray()
	}
	w.each = r.watch.sees(p.body.kind) || r.watch.seesEach() || r.leased || p.budgeted()
	if !w.each {
		w.call, w.leash = &call{pool: p}, w.newLeash()
	}
}

// takeLeash takes another leash where somebody has asked the one there is since the
// last attempt: that is the context of something long over.
func (w *seat) takeLeash() {
	if w.leash == nil {
		return
	}
	if p := w.leash.asked.Load(); p != nil {
		p.end()
		w.leash = w.newLeash()
	}
}

// newLeash returns a context for attempts.
func (w *seat) newLeash() *leash {
	p, limit := w.pool, w.pool.step.Timeout
	if within := p.step.Retry.Within; within > 0 {
		limit = min(limit, within)
	}
	return &leash{parent: p.baseContext(nil), limit: p.run.lab.Apart(limit), began: w.sinceWhen}
}

// results returns room for n results, empty.
func (w *seat) results(n int) place {
	if w.room != nil {
		w.room.room(n)
		w.room.clear(n)
	}
	return place{tray: w.room}
}

// unfinished reports whether there is something in the hand that can go on.
func (w *seat) unfinished() bool {
	_, some := w.hand.Now()
	return some && !w.pool.waits()
}

// shared returns the turn of what is in the hand.
func (w *seat) shared() *turn {
	t, _ := w.hand.Shared.(*turn)
	return t
}

// run attempts what is in the hand, item by item. It returns false when the run
// is over.
func (w *seat) run() bool {
	p := w.pool
	w.turn = w.shared()
	for w.burst() && !w.leads() && w.stays() && !p.waits() && !p.run.isOver() {
	}
	return !p.run.isOver()
}

// stays reports whether the worker still has its slot, or has it again. Where it
// has not, those who help begin what is left in its hand.
func (w *seat) stays() bool { return w.carried() || !w.root.lost || w.pool.takeBack(w) }

// back notes that user code has come back, or has ended the goroutine.
func (w *seat) back(gone bool) {
	w.busy.Store(false)
	if gone && !w.carried() {
		w.desk.who.Store(nil)
	}
}

// isBusy reports whether user code is called for the worker. Any goroutine may ask.
func (w *seat) isBusy() bool { return w.desk.sits() || w.busy.Load() }

// stuck returns what user code is doing for the worker, if anything.
func (w *seat) stuck() (busy, bool) {
	b, some := w.desk.busy()
	if !some {
		if !w.busy.Load() {
			return busy{}, false
		}
		b = busy{Stage: w.pool.step.Name, N: 1}
		if n := w.self.current(); n != nil {
			b.ID = n.id()
		}
	}
	b.who = w.host.Load().whose()
	return b, true
}
