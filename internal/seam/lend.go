package seam

// Lent is the Hand of a worker that waits for something to do, while another
// goroutine does the work of that worker. The zero value is none.
type Lent[T any] struct {
	Hand *Hand[T]
	spot chan struct{}
}

// Lend is Put for who can do the work of a worker that waits. Where one would be
// woken by what is put, it goes on waiting, and the caller, who has its Hand, does
// what that worker would do: TakeNow, and in the end GiveBack. Where nobody waits,
// or there is nothing to be taken yet, no Hand is lent. false means that there is
// no room for all of the slab, and nothing was put.
//
// The slab must stay as it is until GiveBack: where nothing else is to be taken
// first, it lies in the Hand without having been copied. to is who borrows.
func (q *Queue[T, R]) Lend(slab []T, to any) (lent Lent[T], ok bool) {
	q.mu.Lock()
	if q.room(len(slab)) < len(slab) {
		q.mu.Unlock()
		return Lent[T]{}, false
	}
	became := 0
	if n := q.straight(len(slab)); n > 0 {
		if lent = q.borrow(to); lent.Hand != nil {
			became = q.fillStraight(lent.Hand, slab[:n:n])
			slab = slab[n:]
		}
	}
	idle := false
	if len(slab) > 0 {
		q.items.pushAll(slab)
		became += q.arrived(len(slab))
		if q.takeable() && lent.Hand == nil {
			lent = q.borrow(to)
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
func (q *Queue[T, R]) fillStraight(h *Hand[T], slab []T) (became int) {
	if n := q.items.length; n > 0 {
		for range n {
			q.times.pop()
		}
		h.room = append(q.items.popAll(h.room[:0], n), slab...)
		slab = h.room
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

// borrow takes a Hand that is empty from who waits: one that it was lent to before,
// whose memory is near, or else the one that came back last.
func (q *Queue[T, R]) borrow(to any) Lent[T] {
	waiting := &q.takers.waiting
	last := waiting.length - 1
	for i := last; i >= 0 && i > last-near; i-- {
		if h := waiting.at(i).with; h.lentTo == to && h.Left() == 0 {
			waiting.swap(i, last)
			break
		}
	}
	if last < 0 || waiting.at(last).with.Left() > 0 {
		return Lent[T]{} // what is left waits for something to be taken up again first
	}
	of := waiting.popLast()
	of.with.lentTo = to
	return Lent[T]{of.with, of.spot}
}

// near is among how many Hands one is looked for.
const near = 8

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
// worker goes on with it.
func (q *Queue[T, R]) GiveBack(l Lent[T]) {
	q.mu.Lock()
	idle := false
	if l.Hand.Left() > 0 {
		l.Hand.keep()
		l.Hand.due = true
		l.spot <- struct{}{}
	} else {
		q.takers.waiting.push(parked[*Hand[T]]{l.spot, l.Hand})
		if idle = q.stir(); q.wanted && q.helpable() {
			q.wanted = false
			q.takers.wake()
		}
	}
	q.mu.Unlock()
	q.tell(0, idle)
}

// Dismiss ends what Lend began, and the waiting of the worker of the Hand: its Take
// returns false. What is left in the Hand is for those who help.
func (q *Queue[T, R]) Dismiss(l Lent[T]) {
	q.mu.Lock()
	if l.Hand.Left() > 0 { // otherwise what was lent may be somebody else's by now
		l.Hand.keep()
	}
	l.Hand.dismissed = true
	l.spot <- struct{}{}
	q.mu.Unlock()
	q.Stir()
}

// Reclaim puts what is left in a Hand in front of everything that waits, for whoever
// takes the place of its worker. It is not for Queues that batch, have a Window or
// a Key, where a slab is more than its items.
func (q *Queue[T, R]) Reclaim(h *Hand[T]) {
	q.mu.Lock()
	rest := h.rest()
	q.items.pushFirst(rest)
	q.ready += len(rest)
	idle := (q.takeable() || q.helpable()) && !q.takers.wake()
	q.mu.Unlock()
	q.tell(0, idle)
}
