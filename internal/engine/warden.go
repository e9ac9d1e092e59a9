package engine

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long the run looks on while somebody is kept from its own work
// by what it carries, or sits on items that others could begin.
const patience = time.Millisecond

// warden looks after those who gave something up because it was to take no time:
// a goroutine that carries on what it has made, and a worker that has told nobody
// that it has more in its hand than it can begin. Where that takes its time after
// all, others take over. It looks once in a while, and only while there is
// somebody to look after, so that nobody has to set a timer of their own.
type warden struct {
	run   *Run
	armed atomic.Bool
	ticks atomic.Int64

	mu    sync.Mutex
	timer *time.Timer
	over  bool
	roots []*root
}

// root is a goroutine of the run at its own work: the fetcher, or a worker.
type root struct {
	desk    *desk
	warden  *warden
	replace func() // lets another go on with its own work

	next     onward
	patient  bool     // it waits a moment for who is where it wants to be
	guest    bool     // it has hands of its own for what it carries
	guests   []bearer // by pool
	trays    []used
	carries  int64      // how often it has carried something
	lost     bool       // another has its work
	relief   sync.Mutex // held while another takes over
	carrying atomic.Int64
	since    atomic.Int64 // the tick at which it began to carry
}

// enter enters a root. replace is called when it has to be relieved, after which
// nobody looks after it any more unless it is entered again.
func (w *warden) enter(r *root) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.roots = append(w.roots, r)
}

// look sees to it that the warden looks before long.
func (w *warden) look() {
	if w.armed.Load() || !w.armed.CompareAndSwap(false, true) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch d := w.run.lab.Apart(patience); {
	case w.over:
	case w.timer == nil:
		w.timer = time.AfterFunc(d, w.round)
	default:
		w.timer.Reset(d)
	}
}

// leave is the end of it: nobody is looked after any more.
func (w *warden) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.timer != nil {
		w.timer.Stop()
	}
}

// round looks after everybody once.
func (w *warden) round() {
	w.armed.Store(false)
	tick := w.ticks.Add(1)
	again := false
	for _, r := range w.late(tick, &again) {
		r.replace()
		r.relief.Unlock()
	}
	for _, p := range w.run.pools {
		again = p.nudge() || again
	}
	if again {
		w.look()
	}
}

// late takes out the roots that have been carrying for too long, each with its relief
// held, and says whether there are others that carry.
func (w *warden) late(tick int64, others *bool) (late []*root) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.roots = slices.DeleteFunc(w.roots, func(r *root) bool {
		carry := r.carrying.Load()
		if carry == 0 {
			return false
		}
		if r.since.Load() < tick && r.relieve(carry) {
			late = append(late, r)
			return true
		}
		*others = true
		return false
	})
	return late
}

// take begins to carry something.
func (r *root) take() {
	if r.lost {
		return
	}
	r.carries++
	r.since.Store(r.warden.ticks.Load() + 1)
	r.carrying.Store(r.carries)
	r.warden.look()
}

// drop ends what take began.
func (r *root) drop() {
	r.forget()
	if !r.lost {
		r.lost = !r.carrying.CompareAndSwap(r.carries, 0)
	}
}

// relieve takes its work from a root that still carries what it did, and leaves its
// relief held until another has that.
func (r *root) relieve(carry int64) bool {
	r.relief.Lock()
	if r.carrying.CompareAndSwap(carry, 0) {
		return true
	}
	r.relief.Unlock()
	return false
}

// relieved waits until another has taken over, for a root that has lost its work: what
// is done for that must not fall on what it does next.
func (r *root) relieved() {
	r.relief.Lock()
	defer r.relief.Unlock()
}
