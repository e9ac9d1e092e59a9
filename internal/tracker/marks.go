package tracker

import "math/bits"

// word is how many marks share a word of the bitmap.
const word = 64

// marks are the offsets from the first that is not done on: a ring, and a bit for
// each that is done. Places count up for ever, so gaps between offsets cost
// nothing.
type marks struct {
	offsets []int64  // by place, in a ring whose size is a power of two
	done    []uint64 // by place, a bit each
	head    int64    // the first place that is not done, or tail
	tail    int64    // the place of what comes next
}

// held returns how many places are kept.
func (m *marks) held() int64 { return m.tail - m.head }

// first returns the offset of the first place. There must be one.
func (m *marks) first() int64 { return m.offsets[m.slot(m.head)] }

func (m *marks) slot(place int64) int64 { return place & int64(len(m.offsets)-1) }

// push adds an offset and returns its place.
func (m *marks) push(offset int64) int64 {
	if m.held() == int64(len(m.offsets)) {
		m.grow()
	}
	place := m.tail
	m.offsets[m.slot(place)] = offset
	m.tail++
	return place
}

// set marks a place as done, and reports whether it was there and was not.
func (m *marks) set(place int64) bool {
	if place < m.head || place >= m.tail {
		return false
	}
	slot := m.slot(place)
	bit := uint64(1) << (slot % word)
	if m.done[slot/word]&bit != 0 {
		return false
	}
	m.done[slot/word] |= bit
	if place == m.head {
		m.advance()
	}
	return true
}

// advance moves the head to the first place that is not done, a word at a time,
// and leaves no bit set behind it.
func (m *marks) advance() {
	for m.head < m.tail {
		slot := m.slot(m.head)
		at := slot % word
		run := bits.TrailingZeros64(^(m.done[slot/word] >> at))
		if run == 0 {
			return
		}
		m.done[slot/word] &^= (1<<run - 1) << at
		m.head += int64(run)
	}
}

// grow doubles the memory.
func (m *marks) grow() {
	size := max(word, 2*len(m.offsets))
	larger := marks{offsets: make([]int64, size), done: make([]uint64, size/word), head: m.head, tail: m.tail}
	for place := m.head; place < m.tail; place++ {
		from, to := m.slot(place), larger.slot(place)
		larger.offsets[to] = m.offsets[from]
		if m.done[from/word]&(1<<(from%word)) != 0 {
			larger.done[to/word] |= 1 << (to % word)
		}
	}
	*m = larger
}
