package engine

import "github.com/ergon-go/ergon/internal/seam"

// fewWorkers is how many workers a pool may have for each of them to have hands of its
// own for what it carries.
const fewWorkers = 2

// guestOf returns the hand with which a root works in the places of a pool's workers,
// nil where it has to use theirs. Its memory is where the root has used it last.
func (p *pool[T]) guestOf(r *root) *seam.Hand[Item[T]] {
	if !r.guest || p.step.Ordered {
		return nil
	}
	for len(r.guests) <= p.number {
		r.guests = append(r.guests, nil)
	}
	w, _ := r.guests[p.number].(*worker[T])
	if w == nil {
		w = newWorker(p)
		w.visits = true
		r.guests[p.number] = w
		p.known(&w.seat, true)
	}
	return &w.hand
}

// unknown takes the hand of a root out of the pool, when the root ends.
func (w *worker[T]) unknown() {
	w.pool.known(&w.seat, false)
	w.pool.queue.Forget(&w.hand)
}

// leave says that a root will carry nothing any more.
func (r *root) leave() {
	for _, w := range r.guests {
		if w != nil {
			w.unknown()
		}
	}
	r.guests = nil
}
