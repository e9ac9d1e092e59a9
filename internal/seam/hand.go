package seam

import (
	"slices"
	"sync/atomic"
)

// Hand is what one worker has taken and not yet begun. Whoever has nothing to do
// may take half of it, so that nobody waits while there is something to begin.
// A Hand belongs to one worker; the zero value is empty.
type Hand[T any] struct {
	Span
	items []T // in room, or where they stay as they are until all of them have ended
	room  []T
	spot  chan struct{} // what is signalled while the hand is Away
}

// Span is what of a Hand does not depend on what is in it.
type Span struct {
	Ticket Ticket // of the slab
	First  int    // where in the slab the first of Items stands
	Size   int    // how many the slab has
	Count  int    // how many Items there are
	Owner  any    // whoever uses it sets this once
	Shared any    // what its taker has set before Open, for all who get something of the slab

	// span says which of the items are neither begun nor given away, see spanned.
	span      atomic.Uint64
	helped    bool   // it is in the list of its Queue
	seen      uint64 // span at the last Nudge
	filled    bool   // it was lent with something in it
	away      bool   // its worker does something else, and it may be lent meanwhile
	withdrawn bool   // away and lent, and its worker is to have no slot any more
	due       bool   // it was lent, and has come back with something left
}

// Items returns all that was taken. They are valid until the next Take.
func (h *Hand[T]) Items() []T { return h.items }

// MostInHand is how many items there may be in a Hand that is Opened.
const MostInHand = 1<<20 - 1

// spanned is what span holds: how many items are begun, in the upper 24 bits; how
// many results those before the last have left; and where the items end that
// were not given away.
func spanned(span uint64) (begun, results, end int) {
	return int(span >> 40), int(span >> 20 & MostInHand), int(span & MostInHand)
}

// Begin returns the index of the next item to begin, or false where none is left.
// more is how many results more there are, since the last Begin, of those that
// were begun before, where others may look for them.
func (h *Span) Begin(more int) (i int, ok bool) {
	span := h.span.Add(1<<40 + uint64(more)<<20)
	i = int(span>>40) - 1
	if i < int(span&MostInHand) {
		return i, true
	}
	h.span.Store(0)
	return 0, false
}

// Forget says that the results of those begun so far are where nobody else looks
// for them.
func (h *Span) Forget() { h.span.And(^uint64(MostInHand << 20)) }

// Now returns the index of the item that was begun last, or false where none was
// or all are over. Any goroutine may ask.
func (h *Span) Now() (i int, ok bool) {
	begun, _, _ := spanned(h.span.Load())
	return begun - 1, begun > 0
}

// Results returns how many results there are of the items before the one that was
// begun last, and what changes whenever another is begun. Any goroutine may ask.
func (h *Span) Results() (n int, mark uint64) {
	span := h.span.Load()
	_, n, _ = spanned(span)
	return n, span
}

// fill puts a slab, or a part of one, into the hand. Open lets it be begun.
func (h *Hand[T]) fill(items []T, ticket Ticket, first, size int) {
	h.items, h.Ticket, h.First, h.Size, h.Count = items, ticket, first, size, len(items)
	h.span.Store(0)
}

// keep copies what lies in the room of another into that of the hand.
func (h *Hand[T]) keep() {
	h.room = append(h.room[:0], h.items...)
	h.items = h.room
}

// Left returns how many may still be begun. Any goroutine may ask.
func (h *Span) Left() int {
	begun, _, end := spanned(h.span.Load())
	return max(0, end-begun)
}

// rest gives away all that is left.
func (h *Hand[T]) rest() []T {
	for {
		span := h.span.Load()
		begun, _, end := spanned(span)
		n := end - begun
		if n <= 0 {
			return nil
		}
		if h.span.CompareAndSwap(span, span-uint64(n)) {
			return h.items[begun:end]
		}
	}
}

// give moves the later half of what is left, rounded up, to another hand.
func (h *Hand[T]) give(to *Hand[T]) bool {
	for {
		span := h.span.Load()
		begun, _, end := spanned(span)
		n := (end - begun + 1) / 2
		if n <= 0 {
			return false
		}
		if h.span.CompareAndSwap(span, span-uint64(n)) {
			to.room = append(to.room[:0], h.items[end-n:end]...)
			to.fill(to.room, h.Ticket, h.First+end-n, h.Size)
			to.Shared = h.Shared
			return true
		}
	}
}

// Open lets what is in a hand be begun, by its worker and by who helps. Who waits
// for something to do is woken for it where that is worth it; otherwise Nudge
// does so later. It reports whether somebody has to see to what is stuck there.
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
	return true
}

// Nudge wakes who waits, if there is a hand with something left of which nothing
// was begun since the last Nudge. It reports whether there is one with something
// left of which something was.
func (q *Queue[T, R]) Nudge() (again bool) {
	q.mu.Lock()
	stuck := false
	for _, h := range q.helped {
		if h.Left() == 0 {
			continue
		}
		if span := h.span.Load(); span != h.seen {
			h.seen, again = span, true
		} else {
			stuck = true
		}
	}
	idle := stuck && !q.takers.wake()
	q.wanted = idle
	q.mu.Unlock()
	q.tell(0, idle)
	return again
}

// helpable reports whether help would find something.
func (q *Queue[T, R]) helpable() bool {
	return slices.ContainsFunc(q.helped, func(h *Hand[T]) bool { return h.Left() > 0 })
}

// Forget says that a Hand, which must be empty, will not be used any more.
func (q *Queue[T, R]) Forget(h *Hand[T]) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.helped = slices.DeleteFunc(q.helped, func(other *Hand[T]) bool { return other == h })
	h.helped = false
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
