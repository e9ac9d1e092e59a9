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
	from *root         // who hands on: the same, or a worker that it carries on itself
	time time.Duration // what it may still spend
	now  time.Duration // what has passed since the run began; 0: it has not looked
}

// carryTime is how long what is handed on may be carried on. To wake another
// processor takes about as long; and what is worked on there has to get there
// first, which for small items costs more than the work.
const carryTime = 50 * time.Microsecond

// pass hands items over, or carries them on.
func (p *pool[T]) pass(slab []Item[T], by carrier) {
	cost := p.pace.cost(len(slab))
	if l := p.run.lab; l != nil && l.Slab != nil {
		cost = 0
	}
	if by.root == nil || !p.light || cost > by.time || len(slab) > seam.MostInHand || p.run.isOver() {
		p.put(slab)
		return
	}
	lent, ok := p.queue.Lend(slab, by.root)
	if !ok {
		p.put(slab)
		return
	}
	if p.body.gathers {
		p.run.move(-int64(len(slab)))
	}
	if by.from.handed != nil {
		by.from.handed()
	}
	if lent.Hand != nil {
		lent.Hand.Owner.(*worker[T]).carry(lent, carrier{root: by.root, from: by.from, time: by.time - cost, now: by.now})
	}
}

// carry does the work of a worker that waits, in the goroutine of another.
func (w *worker[T]) carry(lent seam.Lent[Item[T]], by carrier) {
	ended := true // by user code
	w.host.Store(by.root.desk)
	w.by = by
	by.from.take()
	defer func() {
		by.from.drop()
		w.by = carrier{}
		w.host.Store(&w.desk)
		if ended && !by.root.lost {
			by.root.desk.who.Store(nil)
		}
		if !w.stays() {
			w.pool.queue.Dismiss(lent)
			return
		}
		w.pool.queue.GiveBack(lent)
	}()
	for spent := time.Duration(0); spent < carryTime; spent += w.pool.pace.cost(w.hand.Size) {
		work, some := w.pool.queue.TakeNow(&w.hand, w.pool.atOnce())
		if !some || !w.do(work) || w.unfinished() || !w.stays() {
			break
		}
	}
	ended = false
}

// carrier is the worker as who hands on what it has made.
func (w *seat) carrier() carrier {
	by := w.by
	if !w.carried() {
		by = carrier{root: &w.root, time: carryTime}
	}
	by.from, by.now = &w.root, w.ended
	return by
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
