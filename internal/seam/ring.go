package seam

// ring is a first-in first-out list that keeps its memory.
type ring[T any] struct {
	buffer []T
	head   int
	length int
}

func (r *ring[T]) push(v T) {
	if r.length == len(r.buffer) {
		r.grow()
	}
	r.buffer[(r.head+r.length)&(len(r.buffer)-1)] = v
	r.length++
}

// pop takes the first value. The ring must not be empty.
func (r *ring[T]) pop() T {
	var none T
	v := r.buffer[r.head]
	r.buffer[r.head] = none // what was handed on must not be kept alive here
	r.head = (r.head + 1) & (len(r.buffer) - 1)
	r.length--
	return v
}

// remove takes out the i-th value from the head. Those before it keep their order.
func (r *ring[T]) remove(i int) {
	for ; i > 0; i-- {
		r.swap(i, i-1)
	}
	r.pop()
}

// swap changes the places of two values.
func (r *ring[T]) swap(i, j int) {
	a, b := &r.buffer[(r.head+i)&(len(r.buffer)-1)], &r.buffer[(r.head+j)&(len(r.buffer)-1)]
	*a, *b = *b, *a
}

// popLast takes the last value. The ring must not be empty.
func (r *ring[T]) popLast() T {
	var none T
	r.length--
	last := &r.buffer[(r.head+r.length)&(len(r.buffer)-1)]
	v := *last
	*last = none
	return v
}

// pushFirst adds a slab in front of everything.
func (r *ring[T]) pushFirst(slab []T) {
	for len(r.buffer) < r.length+len(slab) {
		r.grow()
	}
	for i := len(slab) - 1; i >= 0; i-- {
		r.head = (r.head - 1) & (len(r.buffer) - 1)
		r.buffer[r.head] = slab[i]
		r.length++
	}
}

// pushAll adds a slab at the end.
func (r *ring[T]) pushAll(slab []T) {
	for len(r.buffer) < r.length+len(slab) {
		r.grow()
	}
	end := (r.head + r.length) & (len(r.buffer) - 1)
	n := copy(r.buffer[end:], slab)
	copy(r.buffer, slab[n:])
	r.length += len(slab)
}

// popAll takes the first n values and appends them to a slab.
func (r *ring[T]) popAll(slab []T, n int) []T {
	first := r.buffer[r.head:min(r.head+n, len(r.buffer))]
	slab = append(slab, first...)
	clear(first)
	rest := r.buffer[:n-len(first)]
	slab = append(slab, rest...)
	clear(rest)
	r.head = (r.head + n) & max(0, len(r.buffer)-1)
	r.length -= n
	return slab
}

// at returns the i-th value from the head.
func (r *ring[T]) at(i int) T { return r.buffer[(r.head+i)&(len(r.buffer)-1)] }

// grow doubles the memory; its size is always a power of two.
func (r *ring[T]) grow() {
	larger := make([]T, max(8, 2*len(r.buffer)))
	for i := range r.length {
		larger[i] = r.at(i)
	}
	r.buffer, r.head = larger, 0
}
