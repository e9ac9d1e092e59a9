package seam

// Lent is the Hand of a worker that waits for something to do, while another
// goroutine does the work of that worker.
type Lent[T any] struct {
	Hand *Hand[T]
	spot chan struct{}
}

// Lend puts a slab into the Hand of a worker that waits, and keeps that worker
// waiting: the caller does its work, which saves waking it, and then gives the
// Hand back. false means that nobody waits who could do it at once, or that it is
// not this slab's turn. It is not for Queues that batch, have a Window or a Key.
func (q *Queue[T, R]) Lend(slab []T) (Lent[T], bool) {
	q.mu.Lock()
	if q.takers.waiting.length == 0 || q.items.length > 0 || q.again.length > 0 || q.held || q.rushed {
		q.mu.Unlock()
		return Lent[T]{}, false
	}
	of := q.takers.waiting.pop()
	h := of.with
	h.fill(append(h.items[:0], slab...), q.taken, 0, len(slab))
	q.taken++
	q.mu.Unlock()
	return Lent[T]{h, of.spot}, true
}

// GiveBack ends what Lend began. Where something is left in the Hand, its own
// worker goes on with it.
func (q *Queue[T, R]) GiveBack(l Lent[T]) {
	q.mu.Lock()
	idle := false
	if l.Hand.left() > 0 {
		l.Hand.due = true
		l.spot <- struct{}{}
	} else {
		q.takers.waiting.push(parked[*Hand[T]]{l.spot, l.Hand})
		idle = q.stir()
	}
	q.mu.Unlock()
	q.tell(0, idle)
}
