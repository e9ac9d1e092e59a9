package seam

import "sync"

// Line brings slabs that are finished in any order back into the order of their
// tickets. Every ticket from 0 on must End exactly once, also when nothing came
// of it. Whoever brings the slab whose turn it is delivers it, and what waited
// behind it; everybody else leaves theirs and goes on. Safe for concurrent use.
type Line[T any] struct {
	deliver func(slab []T) // hands on, one call at a time; may block
	passed  func(n int)    // so many tickets have left; may be nil

	mu         sync.Mutex
	turn       Ticket
	delivering bool
	waiting    map[Ticket]*place[T]
	free       []*place[T] // used again
}

type place[T any] struct {
	slab  []T
	ended bool
}

// NewLine returns a Line that starts with ticket 0.
func NewLine[T any](deliver func([]T), passed func(int)) *Line[T] {
	return &Line[T]{deliver: deliver, passed: passed, waiting: map[Ticket]*place[T]{}}
}

// Add leaves items in a place, to be delivered when it is their turn. It copies
// the slab.
func (l *Line[T]) Add(t Ticket, slab ...T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.place(t)
	p.slab = append(p.slab, slab...)
}

// Deliver adds an item to a place and, where it is its turn already, delivers all
// that is there at once, blocking as long as that takes; so a place may hold more
// than memory. Otherwise it is Add. It must not be called by two for one place.
func (l *Line[T]) Deliver(t Ticket, item T) {
	l.mu.Lock()
	p := l.place(t)
	p.slab = append(p.slab, item)
	if l.turn != t || l.delivering {
		l.mu.Unlock()
		return
	}
	slab := p.slab
	p.slab = nil
	l.delivering = true // nothing else is due before this place has ended
	l.mu.Unlock()
	l.deliver(slab)
	l.mu.Lock()
	l.delivering = false
	l.mu.Unlock()
}

// End says that nothing more will be added to a place, and delivers what can be.
func (l *Line[T]) End(t Ticket) {
	l.mu.Lock()
	l.place(t).ended = true
	if l.delivering {
		l.mu.Unlock()
		return
	}
	l.delivering = true
	l.deliverAll()
}

// Leave is Add and End for a slab that is all there will be of a place: where it is
// its turn, it is delivered as it is, without having been copied.
func (l *Line[T]) Leave(t Ticket, slab []T) {
	l.mu.Lock()
	if l.delivering || l.turn != t || l.waiting[t] != nil {
		p := l.place(t)
		p.slab = append(p.slab, slab...)
		l.mu.Unlock()
		l.End(t)
		return
	}
	l.delivering = true
	l.turn++
	l.mu.Unlock()
	if len(slab) > 0 {
		l.deliver(slab)
	}
	if l.passed != nil {
		l.passed(1)
	}
	l.mu.Lock()
	l.deliverAll()
}

// deliverAll delivers every place that is due. It is called under the lock, and
// leaves it.
func (l *Line[T]) deliverAll() {
	for {
		p := l.due()
		if p == nil {
			break
		}
		l.mu.Unlock()
		if len(p.slab) > 0 {
			l.deliver(p.slab)
			clear(p.slab)
		}
		if l.passed != nil {
			l.passed(1)
		}
		l.mu.Lock()
		l.free = append(l.free, p)
	}
	l.delivering = false
	l.mu.Unlock()
}

// due takes the next place out of the line if it has ended.
func (l *Line[T]) due() *place[T] {
	p := l.waiting[l.turn]
	if p == nil || !p.ended {
		return nil
	}
	delete(l.waiting, l.turn)
	l.turn++
	return p
}

func (l *Line[T]) place(t Ticket) *place[T] {
	p := l.waiting[t]
	if p != nil {
		return p
	}
	if last := len(l.free) - 1; last >= 0 {
		p, l.free = l.free[last], l.free[:last]
		p.slab, p.ended = p.slab[:0], false
	} else {
		p = &place[T]{}
	}
	l.waiting[t] = p
	return p
}
