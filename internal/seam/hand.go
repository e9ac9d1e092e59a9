package seam

import "sync/atomic"

// Hand is what one worker has taken and not yet begun. Whoever has nothing to do
// may take half of it, so that nobody waits while there is something to begin.
// A Hand belongs to one worker; the zero value is empty.
type Hand[T any] struct {
	Ticket Ticket // of the slab
	First  int    // where in the slab the first of Items stands
	Size   int    // how many the slab has
	Owner  any    // whoever uses it sets this once
	Shared any    // what its taker has set before Open, for all who get something of the slab

	items []T
	// span says which of items are neither begun nor given away: how many are begun
	// in the upper half, the end in the lower.
	span   atomic.Uint64
	helped bool // it is in the list of its Queue
	due    bool // it was lent, and has come back with something left
}

// Items returns all that was taken. They are valid until the next Take.
func (h *Hand[T]) Items() []T { return h.items }

// Begin returns the index of the next item to begin, or false where none is left.
func (h *Hand[T]) Begin() (i int, ok bool) {
	span := h.span.Add(1 << 32)
	i = int(span>>32) - 1
	if i < int(uint32(span)) {
		return i, true
	}
	h.span.Store(0)
	return 0, false
}

// Now returns the index of the item that was begun last, or false where none was
// or all are over. Any goroutine may ask.
func (h *Hand[T]) Now() (i int, ok bool) {
	span := h.span.Load()
	return int(span>>32) - 1, span>>32 > 0
}

// fill puts a slab, or a part of one, into the hand. Open lets it be begun.
func (h *Hand[T]) fill(items []T, ticket Ticket, first, size int) {
	h.items, h.Ticket, h.First, h.Size = items, ticket, first, size
	h.span.Store(0)
}

// left returns how many may still be begun.
func (h *Hand[T]) left() int {
	span := h.span.Load()
	return max(0, int(uint32(span))-int(span>>32))
}

// give moves the later half of what is left, rounded up, to another hand.
func (h *Hand[T]) give(to *Hand[T]) bool {
	for {
		span := h.span.Load()
		begun, end := int(span>>32), int(uint32(span))
		n := (end - begun + 1) / 2
		if n <= 0 {
			return false
		}
		if h.span.CompareAndSwap(span, uint64(begun)<<32|uint64(end-n)) {
			to.fill(append(to.items[:0], h.items[end-n:end]...), h.Ticket, h.First+end-n, h.Size)
			to.Shared = h.Shared
			return true
		}
	}
}

// Open lets what is in a hand be begun, by its worker and by who helps.
func (q *Queue[T, R]) Open(h *Hand[T]) {
	n := len(h.items)
	h.span.Store(uint64(n))
	if n < 2 || !q.config.Help {
		return
	}
	q.mu.Lock()
	if !h.helped {
		h.helped = true
		q.helped = append(q.helped, h)
	}
	idle := !q.takers.wake()
	q.mu.Unlock()
	q.tell(0, idle)
}

// help takes from those who have more than they can begin.
func (q *Queue[T, R]) help(h *Hand[T]) bool {
	for n := len(q.helped); n > 0; n = len(q.helped) {
		other := q.helped[n-1]
		if other.give(h) {
			return true
		}
		other.helped = false
		q.helped = q.helped[:n-1]
	}
	return false
}
