package engine

import (
	"time"

	"github.com/ergon-go/ergon/internal/seam"
)

// carrier is who hands on what it has made. It carries that on itself, in the
// place of a worker further down that has nothing to do, where this takes less
// time than waking that worker would. The zero value is nobody.
type carrier struct {
	root *root         // whose goroutine it is
	time time.Duration // what it may still spend
	now  time.Duration // what has passed since the run began; 0: it has not looked
}

// carryTime is how long what is handed on may be carried on. To wake another
// processor takes about as long; and what is worked on there has to get there
// first, which for small items costs more than the work.
const carryTime = 50 * time.Microsecond

// pass hands items over, or lets them be carried on. own is the memory in which
// they stand, and may be other memory afterwards; where it is nil, they stay as they
// are until they have ended.
func (p *pool[T]) pass(slab []Item[T], own *[]Item[T], by carrier) {
	cost := p.pace.cost(len(slab))
	if l := p.run.lab; l != nil && l.Slab != nil {
		cost = 0
	}
	if by.root == nil || by.root.next.in != nil || !p.light || cost > by.time || len(slab) > seam.MostInHand || p.run.isOver() {
		p.put(slab)
		return
	}
	lent, ok := p.lend(slab, own, &by)
	if !ok {
		p.put(slab)
		return
	}
	if p.body.gathers {
		p.run.move(-int64(len(slab)))
	}
	if lent.Hand != nil {
		w := lent.Hand.Owner.(*worker[T])
		w.lent = lent
		by.root.next = onward{in: w, by: carrier{root: by.root, time: by.time - cost, now: by.now}}
	}
}

// lend hands items over to whoever has nothing to do, and returns the hand in which
// they are. Where somebody else works there, a large slab of who has nothing else to do
// waits a moment for that to be over: so those who fetch follow one another from stage
// to stage.
func (p *pool[T]) lend(slab []Item[T], own *[]Item[T], by *carrier) (lent seam.Lent[Item[T]], ok bool) {
	guest, wait := p.guestOf(by.root), by.root.patient && len(slab) >= largeSlab
	var l looking
	for {
		if lent, ok = p.queue.Lend(slab, own, guest, wait); ok || !wait {
			return lent, ok
		}
		wait = l.again()
		by.now = 0 // that was before
	}
}

// largeSlab is how many items are worth waiting for, instead of leaving them in a
// queue, where small slabs become large ones.
const largeSlab = 32

// carrier is the worker as who hands on what it has made.
func (w *seat) carrier() carrier {
	by := w.by
	if !w.carried() {
		by = carrier{root: &w.root, time: carryTime}
	}
	by.now = w.ended
	return by
}

// leads reports whether there is something to be carried on, before anything else
// is begun.
func (w *seat) leads() bool {
	if w.carried() {
		return w.by.root.next.in != nil
	}
	return w.root.next.in != nil
}

// beginning returns when an attempt begins. Where it is carried on, the clock was
// just looked at: that is a little early, which matters only to short times.
func (w *seat) beginning() time.Duration {
	now := w.by.now
	w.by.now = 0 // what is done next may be long after
	if now > 0 && w.pool.step.Timeout >= time.Second {
		return now
	}
	return time.Since(w.pool.run.began)
}

// carried reports whether another goroutine does the work.
func (w *seat) carried() bool { return w.by.root != nil }

// tired reports whether what is carried takes much longer than it should.
func (w *seat) tired(now time.Duration) bool {
	return w.carried() && now-w.began > 10*carryTime
}
