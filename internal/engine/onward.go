package engine

import "time"

// onward is what a root carries on next. Whoever has handed it on puts everything
// in order first, and gives back the hand that it has borrowed: so that others can
// follow, stage by stage, and none overtakes.
type onward struct {
	in bearer // whose hand it is in; nil: there is nothing to carry on
	by carrier
}

// bearer is a worker whose hand is lent.
type bearer interface {
	carry(by carrier)
	unknown()
}

// drive carries on what was handed on, until nothing is left of it.
func (r *root) drive() {
	if r.next.in == nil {
		return
	}
	r.take()
	defer r.drop()
	for r.next.in != nil {
		next := r.next
		r.next = onward{}
		next.in.carry(next.by)
	}
}

// carry does the work of a worker whose hand is lent, in the goroutine of another.
func (w *worker[T]) carry(by carrier) {
	ended := true // by user code
	lent := w.lent
	w.host.Store(by.root.desk)
	w.by = by
	defer func() {
		w.by = carrier{}
		w.host.Store(&w.desk)
		if ended && !by.root.lost {
			by.root.desk.who.Store(nil)
		}
		if p := w.pool; p.queue.GiveBack(lent) {
			p.vacate()
		}
	}()
	for spent := time.Duration(0); spent < carryTime; spent += w.pool.pace.cost(w.hand.Size) {
		work, some := w.pool.queue.TakeNow(&w.hand, w.pool.atOnce())
		if !some || !w.do(work) || by.root.next.in != nil || w.unfinished() {
			break
		}
	}
	ended = false
}

// left is told of results that are carried on where they stand in a tray, to be
// forgotten in the end.
func (r *root) left(in tray, n int) { r.trays = append(r.trays, used{in, n}) }

// forget clears what was left. At the end of the run it may still be asked who is
// stuck with it.
func (r *root) forget() {
	for _, u := range r.trays {
		if !r.warden.run.isOver() {
			u.tray.clear(u.n)
		}
	}
	r.trays = r.trays[:0]
}

// used is a tray with so many results in it that were carried on.
type used struct {
	tray tray
	n    int
}
