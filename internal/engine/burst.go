package engine

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
)

// flight is what a worker keeps of the attempts that it makes one after the other
// of what is in its hand.
type flight struct {
	each    bool // every attempt needs a context of its own
	leash   *leash
	began   time.Duration // when the burst began
	ended   time.Duration // and ended; 0: nobody has looked
	stood   time.Duration // what of it was spent in handing on
	since   atomic.Int64  // the last time that was taken, after the beginning of the run
	known   atomic.Int64  // the item that was begun then
	call    *call
	stage   stageOf
	at      int   // the item that is attempted
	kept    int   // how many results in room were not handed on yet
	turn    *turn // not nil: results are kept there
	left    int   // how many have left the turn and were not counted there yet
	passed  int   // how many have simply succeeded
	ctx     context.Context
	event   *ergon.Event // of the attempt, with observers
	told    ergon.Event  // what event points to; used again
	err     error
	late    bool // the time of the attempt was up
	rulings []ruling
	one     [1]ruling
	exit    exit
}

// stageOf is how far a burst has come.
type stageOf uint8

const (
	trying  stageOf = iota // user code is at work
	odd                    // the attempt has to be concluded by itself
	unfit                  // the item must not be attempted
	held                   // nothing may be begun for a while
	settled                // the item has ended
	spent                  // nothing is left in the hand
)

// burst attempts one item after the other for as long as they simply succeed, and
// puts in order what became of them. It reports whether there is more to do.
func (w *seat) burst() bool {
	w.takeLeash()
	w.began = w.beginning()
	w.look(w.began)
	w.busy.Store(true)
	w.stage, w.err, w.rulings, w.passed, w.ended, w.stood = trying, ergon.ErrGoexit, nil, 0, 0, 0
	w.layOut()
	defer w.land()
	w.self.fly()
	if w.stage == odd && w.err != nil {
		w.stage = trying
		w.judge()
		w.stage = odd
	}
	w.count()
	return w.stage != spent && (!w.carried() || w.stage != held)
}

// count enters how long the attempts of a burst have taken.
func (w *seat) count() {
	tried := w.passed
	if w.stage == odd {
		tried++
	}
	if tried == 0 {
		return
	}
	now := time.Since(w.pool.run.began)
	w.pool.tally.note(tried, now-w.began-w.stood)
	w.pool.tally.fine.Add(int64(w.passed))
	if w.passed > 0 {
		w.ended = now
		w.pool.pace.note(w.passed, now-w.began)
	}
}

// now takes the time, as what has passed since the run began.
func (w *seat) now() time.Duration {
	now := time.Since(w.pool.run.began)
	w.look(now)
	return now
}

// look notes the time at which the next attempt begins.
func (w *seat) look(now time.Duration) {
	w.since.Store(int64(now))
	begun, _ := w.hand.Now()
	w.known.Store(int64(begun + 1))
}

// whole stands for the item that was begun, where all of them are attempted together.
const whole = -1

// beginWhole notes when the attempt of a whole slab began.
func (w *seat) beginWhole(at time.Duration) {
	w.since.Store(int64(at))
	w.known.Store(whole)
}

// sinceWhen returns when the attempt began that is running, as far as is known
// without having asked at each. Any goroutine may ask.
func (w *seat) sinceWhen() time.Time {
	at := w.pool.run.began.Add(time.Duration(w.since.Load()))
	known := w.known.Load()
	if i, _ := w.hand.Now(); known == whole || int64(i) == known || time.Since(at) <= time.Millisecond {
		return at
	}
	return time.Now()
}

// fly attempts one item after the other until one does not simply succeed. A
// panic is an error like any other.
func (w *worker[T]) fly() {
	defer func() {
		if v := recover(); v != nil {
			w.err, w.stage = &ergon.PanicError{Value: v, Stack: debug.Stack()}, odd
			w.retire()
		}
	}()
	p, items := w.pool, w.hand.Items()
	if p.one != nil && !w.each && !p.step.Keyed && !p.run.spent.Load() {
		w.glide(items)
		return
	}
	for told := w.kept; ; {
		if p.queue.Held() || w.at&7 == 7 && w.carried() && w.tired(w.now()) {
			w.stage = held
			return
		}
		i, some := w.hand.Begin(w.kept - told)
		told = w.kept
		if !some {
			w.stage = spent
			return
		}
		w.at = i
		if p.refusal(items[i].node, p.clockFor()) != nil {
			w.stage = unfit
			return
		}
		if !w.attempt(items[i : i+1 : i+1]) {
			return
		}
	}
}

// attempt attempts one item and reports whether it simply succeeded.
func (w *worker[T]) attempt(item []Item[T]) (plain bool) {
	p := w.pool
	ctx := w.begin(item)
	return w.came(&item[0], p.attempt(ctx, w.call, item, w.slot()))
}

// came puts in order what came of an attempt, and reports whether it simply
// succeeded.
func (w *worker[T]) came(item *Item[T], err error) (plain bool) {
	p := w.pool
	if w.each || err != nil || w.leash.asked.Load() != nil {
		w.retire()
	}
	w.err, w.stage = err, odd
	if err != nil && err != errFiltered { //nolint:errorlint // our own, and often
		w.err = sound(err)
		return false
	}
	w.endEvent()
	if p.run.spent.Load() {
		return false
	}
	w.settleItem(item, err == nil)
	w.stage, w.err = trying, ergon.ErrGoexit
	return true
}

// begin returns the context of an attempt.
func (w *worker[T]) begin(item []Item[T]) context.Context {
	p := w.pool
	if !w.each {
		return w.leash
	}
	w.item = item
	w.call = &call{pool: &p.core}
	w.ctx = p.baseContext(&w.item)
	if p.run.watch.sees(p.body.kind) {
		w.event = p.event(&w.told, &w.item, 1)
		if p.body.begun != nil {
			p.body.begun(w.event, item[0].node)
		}
		w.ctx = p.run.watch.begin(w.ctx, w.event)
	}
	w.call.clock.begin(w.ctx, p.run.lab.Apart(p.timeLeft(&w.item, nil, p.clockFor())), false)
	return &w.call.clock
}
