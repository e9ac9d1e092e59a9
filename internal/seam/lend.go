package seam

// Lent is the Hand of a worker that waits for something to do, or is Away, while
// another goroutine does the work of that worker. The zero value is none.
type Lent[T any] struct {
	Hand *Hand[T]
	of   parked[*Hand[T]] // in whose place
}

// Lend is Put for who can do the work of a worker that has nothing to do. Where one
// would be woken by what is put, it goes on waiting, and the caller, who has its
// Hand, does what that worker would do: TakeNow, and in the end GiveBack. Where
// nobody waits, or there is nothing to be taken yet, no Hand is lent. false means
// that there is no room for all of the slab, and nothing was put.
//
// Where nothing else is to be taken first, the slab lies in the Hand without having
// been copied. own is the memory in which it stands: it changes hands with it, and
// own has other memory then, of any size. Where own is nil, the slab must stay as it
// is until all that is in it has ended. guest is a Hand of the caller's that is used
// instead of that of the worker, whose memory may be far; nil: there is none. With
// wait, it is false too where all places are lent, one of which will soon be free.
func (q *Queue[T, R]) Lend(slab []T, own *[]T, guest *Hand[T], wait bool) (lent Lent[T], ok bool) {
	q.mu.Lock()
	if q.room(len(slab)) < len(slab) || wait && q.lent > 0 && q.takers.waiting.length == 0 {
		q.mu.Unlock()
		return Lent[T]{}, false
	}
	became := 0
	if n := q.straight(len(slab)); n > 0 {
		if lent = q.borrow(guest); lent.Hand != nil {
			became = q.fillStraight(lent.Hand, slab[:n:n], own)
			slab = slab[n:]
		}
	}
	idle := false
	if len(slab) > 0 {
		q.items.pushAll(slab)
		became += q.arrived(len(slab))
		if q.takeable() && lent.Hand == nil {
			lent = q.borrow(guest)
		}
		if lent.Hand == nil || lent.Hand.filled {
			idle = q.stir()
		}
	}
	q.mu.Unlock()
	q.tell(became, idle)
	return lent, true
}

// straight returns how many of n items that are put would be taken next, at once
// and together with all that waits.
func (q *Queue[T, R]) straight(n int) int {
	if q.config.Key != nil || q.ready > 0 || q.again.length > 0 || q.held || q.rushed || !q.open() {
		return 0
	}
	if q.config.Batch <= 1 {
		return n
	}
	need := q.config.Batch - q.items.length // what waits is less than a batch
	if n < need || q.eager {
		return 0
	}
	return need
}

// fillStraight puts into a Hand what waits and a slab, of which straight has said
// that they go together, and returns how many became ready by it.
func (q *Queue[T, R]) fillStraight(h *Hand[T], slab []T, own *[]T) (became int) {
	switch n := q.items.length; {
	case n > 0:
		for range n {
			q.times.pop()
		}
		h.room = append(q.items.popAll(h.room[:0], n), slab...)
		slab = h.room
	case own != nil:
		*own, h.room = h.room[:cap(h.room)], *own
	}
	h.fill(slab, q.taken, 0, len(slab))
	h.filled = true
	q.taken++
	if q.config.Batch <= 1 {
		return 0
	}
	q.setAlarm()
	return len(slab)
}

// borrow takes the place of one who waits, or is Away: the latest to come, unless its
// Hand is not empty.
func (q *Queue[T, R]) borrow(guest *Hand[T]) Lent[T] {
	waiting := &q.takers.waiting
	if waiting.length == 0 || waiting.at(waiting.length-1).with.Left() > 0 {
		return Lent[T]{} // what is left waits for something to be taken up again first
	}
	lent := Lent[T]{Hand: guest, of: waiting.popLast()}
	q.lent++
	if guest == nil {
		lent.Hand = lent.of.with
	}
	return lent
}

// TakeNow is Take for who has borrowed the Hand. It does not wait: false means
// that there is nothing to do now.
func (q *Queue[T, R]) TakeNow(h *Hand[T], most int) (Work[R], bool) {
	if h.filled {
		h.filled = false
		return Work[R]{}, true
	}
	q.mu.Lock()
	work, ok := q.next(h, most)
	if q.roomy() {
		q.putters.wake()
	}
	idle := ok && q.stir()
	q.mu.Unlock()
	q.tell(0, idle)
	return work, ok
}

// GiveBack ends what Lend began. Where something is left in the Hand, its own
// worker goes on with it, or whoever takes it where that is a guest, or Away. It
// reports whether the Hand was withdrawn meanwhile, so that the slot is free now.
func (q *Queue[T, R]) GiveBack(l Lent[T]) (free bool) {
	q.mu.Lock()
	h, idle := l.of.with, false
	q.lent--
	if l.Hand != h || h.away {
		q.putBack(l.Hand)
	}
	switch {
	case h.withdrawn:
		free, h.withdrawn, h.away = true, false, false
		q.takers.leave(l.of.spot)
		idle = q.stir()
	case h.Left() > 0:
		h.keep()
		h.due = true
		l.of.spot <- struct{}{}
	default:
		l.of.away = h.away
		q.takers.waiting.push(l.of)
		if idle = q.stir(); q.wanted && q.helpable() {
			q.wanted = false
			q.takers.wake()
		}
	}
	q.mu.Unlock()
	q.tell(0, idle)
	return free
}

// putBack puts what is left in a Hand in front of everything that waits.
func (q *Queue[T, R]) putBack(h *Hand[T]) {
	rest := h.rest()
	q.items.pushFirst(rest)
	q.ready += len(rest)
}

// Reclaim puts what is left in a Hand in front of everything that waits, for whoever
// takes the place of its worker. It is not for Queues that batch, have a Window or
// a Key, where a slab is more than its items.
func (q *Queue[T, R]) Reclaim(h *Hand[T]) {
	q.mu.Lock()
	q.putBack(h)
	idle := (q.takeable() || q.helpable()) && !q.takers.wake()
	q.mu.Unlock()
	q.tell(0, idle)
}
