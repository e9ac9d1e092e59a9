package seam

// Away lets the Hand of a worker be lent while the worker does something else. It
// must be empty. Nobody is woken through it: what is put waits for another worker,
// for who borrows the Hand, or for its own worker, which comes Back before it Takes.
// Like Reclaim it is not for Queues that have a Window or a Key.
func (q *Queue[T, R]) Away(h *Hand[T]) {
	q.mu.Lock()
	h.away = true
	h.spot = q.takers.enter(h, true)
	q.mu.Unlock()
}

// Back ends what Away began. Where the Hand is lent, it waits until there is
// something to do again, or returns false when the run is over.
func (q *Queue[T, R]) Back(h *Hand[T]) bool {
	q.mu.Lock()
	here := !h.away || q.takers.remove(h.spot)
	h.away = false
	q.mu.Unlock()
	return here || q.parked(h.spot)
}

// Withdraw takes a Hand from a worker that is Away for too long. It reports whether
// the worker was Away at all, and whether its slot is in use as long as the Hand is
// lent: then GiveBack says when it is free.
func (q *Queue[T, R]) Withdraw(h *Hand[T]) (away, lent bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !h.away {
		return false, false
	}
	if q.takers.remove(h.spot) {
		h.away = false
		return true, false
	}
	h.withdrawn = true
	return true, true
}

// Regain undoes a Withdraw for a worker that comes back while its Hand is still
// lent. It reports whether there was one to undo.
func (q *Queue[T, R]) Regain(h *Hand[T]) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	was := h.withdrawn
	h.withdrawn = false
	return was
}
