package engine

import (
	"slices"
	"sync"
)

// shelf is where the results of a burst stand until they are handed on together.
// Where the burst is stuck in user code, the warden hands on what stands there, so
// that nothing that is finished waits for what hangs.
type shelf struct {
	mu    sync.Mutex
	open  bool   // a burst is under way whose results others may take
	taken int    // how many were
	seen  uint64 // how far it was when the warden looked last
}

// layOut lets others take the results of the burst that begins. Those in order, and
// those of a key, leave by themselves.
func (w *worker[T, R]) layOut() {
	n := len(w.hand.Items())
	if n < 2 || w.pool.body.forward == nil || w.turn != nil || w.pool.step.Keyed {
		return
	}
	if len(w.room) < n {
		w.room = append(w.room, make([]R, n-len(w.room))...)
	}
	w.hand.Forget()
	w.shelf.mu.Lock()
	defer w.shelf.mu.Unlock()
	w.shelf.open = true
}

// clearUp ends what layOut began, and returns how many results were taken.
func (w *worker[T, R]) clearUp() (taken int) {
	if len(w.hand.Items()) < 2 {
		return 0
	}
	w.shelf.mu.Lock()
	defer w.shelf.mu.Unlock()
	taken = w.shelf.taken
	w.shelf.open, w.shelf.taken = false, 0
	return taken
}

// unstick takes the results of a burst that has not gone on since the last time.
// again says that there are some of one that has. The warden calls it.
func (w *worker[T, R]) unstick() (some []R, again bool) {
	w.shelf.mu.Lock()
	defer w.shelf.mu.Unlock()
	results, mark := w.hand.Results()
	went := mark != w.shelf.seen
	w.shelf.seen = mark
	if !w.shelf.open || results <= w.shelf.taken || went {
		return nil, w.shelf.open && went
	}
	some = slices.Clone(w.room[w.shelf.taken:results])
	w.shelf.taken = results
	return some, false
}

// unstick hands on what is finished and stuck behind what hangs. It reports whether
// that may become necessary.
func (p *pool[T, R]) unstick() (again bool) {
	if p.body.forward == nil || p.step.Ordered || p.step.Keyed || p.wholly {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.workers {
		some, later := w.unstick()
		if again = again || later; len(some) > 0 {
			p.run.scope.run(p.step.Name, func() { p.body.forward(some) })
		}
	}
	return again
}
