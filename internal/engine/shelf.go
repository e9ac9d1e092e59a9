package engine

import "sync"

// shelf is where the results of a burst stand until they are handed on together.
// Where the burst is stuck in user code, the warden hands on what stands there, so
// that nothing that is finished waits for what hangs.
type shelf struct {
	mu    sync.Mutex
	open  bool          // a burst is under way whose results others may take
	taken int           // how many were
	seen  uint64        // how far it was when the warden looked last
	going chan struct{} // closed when what was taken last is where nothing overtakes it
}

// layOut lets others take the results of the burst that begins. Those in order, and
// those of a key, leave by themselves.
func (w *seat) layOut() {
	n := w.hand.Count
	if n < 2 || w.room == nil || w.turn != nil || w.pool.step.Keyed {
		return
	}
	w.room.room(n)
	w.hand.Forget()
	w.shelf.mu.Lock()
	defer w.shelf.mu.Unlock()
	w.shelf.open = true
}

// clearUp ends what layOut began, and returns how many results were taken. It waits
// until those are handed on, so that what comes after them does not overtake them.
func (w *seat) clearUp() (taken int) {
	if w.hand.Count < 2 {
		return 0
	}
	w.shelf.mu.Lock()
	taken = w.shelf.taken
	going := w.shelf.going
	w.shelf.open, w.shelf.taken, w.shelf.going = false, 0, nil
	w.shelf.mu.Unlock()
	w.pool.run.until(going)
	return taken
}

// unstick takes the results of a burst that has not gone on since the last time, to
// be handed on by put. again says that there are some of one that has. The warden
// calls it.
func (w *seat) unstick() (put func(), again bool) {
	w.shelf.mu.Lock()
	defer w.shelf.mu.Unlock()
	results, mark := w.hand.Results()
	went := mark != w.shelf.seen
	w.shelf.seen = mark
	if !w.shelf.open || results <= w.shelf.taken || went {
		return nil, w.shelf.open && went
	}
	some, n := w.room.part(w.shelf.taken, results), results-w.shelf.taken
	before, going := w.shelf.going, make(chan struct{})
	w.shelf.taken, w.shelf.going = results, going
	return func() {
		defer close(going)
		w.pool.run.until(before)
		some.put(0, n)
	}, false
}

// unstick hands on what is finished and stuck behind what hangs. It reports whether
// that may become necessary.
func (p *core) unstick() (again bool) {
	if p.body.out == nil || p.step.Ordered || p.step.Keyed || p.wholly {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.workers {
		put, later := w.unstick()
		if again = again || later; put != nil {
			p.run.scope.run(p.step.Name, put)
		}
	}
	return again
}
