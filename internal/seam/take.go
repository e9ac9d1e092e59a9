package seam

import "runtime"

// Take waits for something to do. New items, at most most of them, are in the
// Hand then, and can be begun after Open. false means that the run is over.
func (q *Queue[T, R]) Take(h *Hand[T], most int) (Work[R], bool) {
	for {
		select {
		case <-q.config.Over:
			return Work[R]{}, false
		default:
		}
		q.mu.Lock()
		work, ok := q.next(h, most)
		woke := q.roomy() && q.putters.wake() // parking an item behind its key makes room too
		if ok {
			idle := q.stir()
			q.mu.Unlock()
			q.tell(0, idle)
			if woke {
				runtime.Gosched() // whoever brings more goes first, or there will be nothing left
			}
			return work, true
		}
		spot := q.takers.enter(h, false)
		q.mu.Unlock()
		if !q.parked(spot) {
			return Work[R]{}, false
		}
	}
}

// parked waits on a spot and gives it back, or returns false when the run is over.
func (q *Queue[T, R]) parked(spot chan struct{}) bool {
	if !q.wait(spot) {
		return false
	}
	q.mu.Lock()
	q.takers.leave(spot)
	q.mu.Unlock()
	return true
}

// next takes what may be taken now, if anything.
func (q *Queue[T, R]) next(h *Hand[T], most int) (Work[R], bool) {
	if h.due {
		h.due = false
		if h.Left() > 0 {
			return Work[R]{Rest: true}, true
		}
	}
	if q.held && !q.rushed {
		return Work[R]{}, false
	}
	if q.again.length > 0 {
		return Work[R]{Again: q.again.pop(), Old: true}, true
	}
	if h.Left() > 0 { // its worker waits for something to be taken up again first
		return Work[R]{Rest: true}, q.rushed
	}
	if q.open() && q.fill(h, most) {
		return Work[R]{}, true
	}
	return Work[R]{Shared: true}, q.help(h)
}

// fill puts a slab of new items into a hand.
func (q *Queue[T, R]) fill(h *Hand[T], most int) bool {
	if q.config.Batch > 1 || q.config.Key != nil {
		most = q.config.Slab
	}
	if q.config.Key == nil {
		return q.fillPlain(h, min(most, q.ready))
	}
	slab := q.keys.reserved(h.room[:0], most, q.taken)
	for len(slab) < most && q.ready > 0 {
		q.ready--
		if v := q.pop(); q.keys.admit(v, q.taken, q.rushed) {
			slab = append(slab, v)
		}
	}
	if len(slab) == 0 {
		return false
	}
	h.room = slab
	h.fill(slab, q.taken, 0, len(slab))
	q.taken++
	return true
}

// fillPlain is fill where any item may be taken with any other.
func (q *Queue[T, R]) fillPlain(h *Hand[T], n int) bool {
	if n == 0 {
		return false
	}
	if q.config.Batch > 1 {
		for range n {
			q.times.pop()
		}
	}
	q.ready -= n
	h.room = q.items.popAll(h.room[:0], n)
	h.fill(h.room, q.taken, 0, n)
	q.taken++
	return true
}

// open reports whether another slab of new items may be taken.
func (q *Queue[T, R]) open() bool {
	return q.rushed || q.config.Window == 0 || int(q.taken-q.passed) < q.config.Window
}

// takeable reports whether next would find something.
func (q *Queue[T, R]) takeable() bool {
	if q.held && !q.rushed {
		return false
	}
	return q.again.length > 0 || q.open() && (q.ready > 0 || q.keys.next.length > 0)
}
