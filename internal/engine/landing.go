package engine

import (
	"time"

	"github.com/ergon-go/ergon"
)

// retire ends the context of an attempt, and notes whether its time was up.
func (w *seat) retire() {
	switch {
	case w.each && w.call != nil:
		w.late = w.call.clock.end()
	case w.leash == nil:
	default:
		p := w.leash.asked.Load()
		if p == nil {
			took := time.Since(w.pool.run.began) - time.Duration(w.since.Load())
			known := w.known.Load()
			w.late = took >= w.leash.limit && (known == whole || int64(w.at) == known) // of the others nobody knows when they began
			return
		}
		w.late = p.end()
		w.leash = w.newLeash()
	}
}

// settleItem ends an item whose attempt succeeded, or dropped it.
func (w *worker[T]) settleItem(v *Item[T], stays bool) {
	p := w.pool
	w.stage = settled // what an observer does now does not concern the item any more
	w.passed++
	if w.turn != nil {
		w.left++
	}
	if p.step.Keyed {
		defer p.queue.Done(*v)
		defer w.flushInBurst()
	}
	switch {
	case p.body.lost != nil && v.node.has(lost):
		p.body.lost(v.node)
	case !stays:
		p.body.dropped(v.node)
	case w.turn != nil:
		w.turn.done[w.hand.First+w.at] = true
		p.end(w.hand.Items()[w.at:w.at+1], &w.exit)
	case p.body.out == nil:
		p.end(w.hand.Items()[w.at:w.at+1], &w.exit)
	default:
		w.kept++
	}
}

// flushInBurst is flush while a burst goes on, whose time stands still meanwhile.
func (w *seat) flushInBurst() {
	since := time.Now()
	defer func() { w.stood += time.Since(since) }()
	w.flush(false)
}

// flush hands on what has succeeded, or carries it on where that may be.
func (w *seat) flush(carry bool) {
	n, taken := w.kept, w.clearUp()
	w.kept = 0
	switch {
	case n <= taken:
	case carry:
		w.room.pass(taken, n, w.visits, w.carrier())
	default:
		w.room.put(taken, n)
	}
	w.flushed(n)
}

// flushed puts in order what was handed on. What ends well leaves at last.
func (w *seat) flushed(n int) {
	p := w.pool
	switch {
	case w.room == nil:
	case w.visits && w.leads(): // it is still there that it is carried on
		w.by.root.left(w.room, n)
	default:
		w.room.clear(n)
	}
	if n := w.left; n > 0 {
		w.left = 0
		if w.turn.left.Add(-int64(n)) == 0 {
			p.leave(w.turn)
		}
	}
	by := carrier{}
	if w.plain() {
		by = w.carrier()
	}
	w.exit.leave(by)
}

// plain reports whether everything in the burst has simply succeeded. Otherwise
// what has not is to be concluded, and nothing is carried on before that.
func (w *seat) plain() bool { return w.stage == spent }

// judge finds out what the error means. It asks the user's Classify, so it is
// still part of what may end the goroutine.
func (w *seat) judge() {
	errs := ergon.ItemErrorsOf(w.err, 1)
	if errs == nil {
		return // a report without an error
	}
	w.one[0] = w.pool.rule(errs[0], w.late)
	w.rulings = w.one[:]
}

// land is deferred: it puts in order what became of a burst, also where user code
// has ended the goroutine.
func (w *seat) land() {
	p := w.pool
	w.back(w.stage == trying)
	if w.stage == trying {
		w.retire()
		p.tally.note(w.passed+1, 0)
		p.tally.fine.Add(int64(w.passed))
	}
	if w.passed > 0 {
		p.trouble.over()
		p.outage.over()
	}
	var result place
	if w.stage <= odd {
		result = w.slot() // flush leaves it as it is
	}
	defer w.touchDown(result)
	w.flush(w.plain() && w.room != nil && p.body.out.carries())
}

// touchDown concludes what did not simply succeed.
func (w *seat) touchDown(result place) {
	p := w.pool
	switch w.stage {
	case held:
		if !w.carried() {
			p.belt.Await()
		}
	case unfit:
		if t := p.admit(w.lone()); t != nil {
			p.tally.waiting.Add(1)
			p.belt.Again(t) // it has become fit meanwhile
		}
	case trying, odd:
		if w.err != nil && w.rulings == nil {
			w.one[0] = plainRuling(w.err)
			w.rulings = w.one[:]
		}
		defer p.conclude(w.lone(), result, w.rulings, w.err, w.pool.run.began.Add(time.Duration(w.since.Load())), w.carrier())
		w.endEvent()
	case settled, spent:
	}
}

// endEvent tells the observers of the end of an attempt.
func (w *seat) endEvent() {
	e := w.event
	if e == nil {
		return
	}
	w.event = nil
	e.Err = w.err
	if p := w.pool; p.body.done != nil {
		p.body.done(e, w.self.node(w.at))
	}
	w.pool.run.watch.end(w.ctx, e)
}

// lone returns the task of the item that is attempted.
func (w *seat) lone() *task {
	t := &task{items: w.self.alone(), turn: w.turn}
	if w.turn != nil {
		t.spots = []int{w.hand.First + w.at}
	}
	if w.turn != nil && !w.pool.orderly {
		t.first = true
		w.pool.pending.Add(1)
	}
	return t
}
