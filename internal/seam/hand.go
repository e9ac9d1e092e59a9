package seam

import (
	"slices"
	"sync/atomic"
)

// Hand is what one worker has taken and not yet begun. Whoever has nothing to do
// may take half of it, so that nobody waits while there is something to begin.
// A Hand belongs to one worker; the zero value is empty.
type Hand[T any] struct {
	Ticket Ticket // of the slab
	First  int    // where in the slab the first of Items stands
	Size   int    // how many the slab has
	Owner  any    // whoever uses it sets this once
	Shared any    // what its taker has set before Open, for all who get something of the slab

	items []T // in room, or in that of who has borrowed the hand
	room  []T
	// span says which of items are neither begun nor given away: how many are begun
	// in the upper half, the end in the lower.
	span      atomic.Uint64
	helped    bool   // it is in the list of its Queue
	seen      uint64 // span at the last Nudge
	lentTo    any    // whom it was lent to last
	filled    bool   // it was lent with something in it
	dismissed bool   // its worker is to end
	due       bool   // it was lent, and has come back with something left
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

// keep copies what lies in the room of another into that of the hand.
func (h *Hand[T]) keep() {
	h.room = append(h.room[:0], h.items...)
	h.items = h.room
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
			to.room = append(to.room[:0], h.items[end-n:end]...)
			to.fill(to.room, h.Ticket, h.First+end-n, h.Size)
			to.Shared = h.Shared
			return true
		}
	}
}

// Open lets what is in a hand be begun, by its worker and by who helps. Who waits
// for something to do is woken for it where that is worth it; otherwise Nudge
// does so later. It reports whether somebody has to see to that.
func (q *Queue[T, R]) Open(h *Hand[T], worth bool) (later bool) {
	n := len(h.items)
	h.span.Store(uint64(n))
	if n < 2 || !q.config.Help {
		return false
	}
	q.mu.Lock()
	h.seen = 0
	if !h.helped {
		h.helped = true
		q.helped = append(q.helped, h)
	}
	idle := worth && !q.takers.wake()
	q.mu.Unlock()
	q.tell(0, idle)
	return !worth
}

// Nudge wakes who waits, if there is a hand with something left of which nothing
// was begun since the last Nudge. It reports whether there is one with something
// left of which something was.
func (q *Queue[T, R]) Nudge() (again bool) {
	q.mu.Lock()
	stuck := false
	for _, h := range q.helped {
		if h.left() == 0 {
			continue
		}
		if span := h.span.Load(); span != h.seen {
			h.seen, again = span, true
		} else {
			stuck = true
		}
	}
	idle := stuck && !q.takers.wake()
	q.mu.Unlock()
	q.tell(0, idle)
	return again
}

// helpable reports whether help would find something.
func (q *Queue[T, R]) helpable() bool {
	return slices.ContainsFunc(q.helped, func(h *Hand[T]) bool { return h.left() > 0 })
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
