package seam

// took is what a Take returned, and what is in the hand then.
type took[T, R any] struct {
	Slab   []T
	Ticket Ticket
	Again  R
	Old    bool
}

func tookFrom[T, R any](h *Hand[T], w Work[R]) took[T, R] {
	return took[T, R]{h.items, h.Ticket, w.Again, w.Old}
}

// take takes as the workers of a stage that does not choose do.
func take[T, R any](q *Queue[T, R]) (took[T, R], bool) {
	h := &Hand[T]{}
	work, ok := q.Take(h, q.config.Slab)
	return tookFrom(h, work), ok
}

// next is take of what may be taken at once.
func next[T, R any](q *Queue[T, R]) (took[T, R], bool) {
	h := &Hand[T]{}
	work, ok := q.next(h, q.config.Slab)
	return tookFrom(h, work), ok
}
