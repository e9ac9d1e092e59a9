package tracker

import (
	"math"
	"sync"
)

// Tracker keeps the offsets of one assignment of one partition. New makes one. It
// is safe for concurrent use, but for what its order means: Add is called by
// whoever reads the partition.
type Tracker struct {
	window  int64
	telling chan struct{} // one slot: held by whoever tells the log

	mu      sync.Mutex
	marks   marks
	next    int64 // the lowest offset that may come
	stored  int64 // what the log was told last, and where it stood before
	revoked bool
	ended   bool // nothing more is to be told
}

// New returns the Tracker of a new assignment, of which the log has stored that
// offset next is to be read next. No more than window offsets are held at a time;
// less than 1 counts as 1. Its memory grows with what is held.
func New(next int64, window int) *Tracker {
	return &Tracker{
		window:  int64(max(1, window)),
		telling: make(chan struct{}, 1),
		next:    next,
		stored:  next,
	}
}

// Add takes an offset that was read, and returns what is to be said once it is
// done with. It fails, and takes nothing, with ErrRevoked, ErrFull or ErrOrder.
func (t *Tracker) Add(offset int64) (Mark, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.revoked:
		return Mark{}, ErrRevoked
	case offset < t.next || offset == math.MaxInt64: // no offset comes after the last
		return Mark{}, orderError(offset, t.next)
	case t.marks.held() >= t.window:
		return Mark{}, ErrFull
	}
	t.next = offset + 1
	return Mark{t, t.marks.push(offset)}, nil
}

// Low returns the offset that is to be read next, should somebody start here:
// every offset before it is done. After Revoke it stays where it was. It is for
// whoever watches; the log is told by Commit.
func (t *Tracker) Low() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.low()
}

func (t *Tracker) low() int64 {
	if t.marks.held() == 0 {
		return t.next
	}
	return t.marks.first()
}

// Room returns how many offsets may be added. At 0 the partition is to be paused:
// the window is full, or the assignment is over. What is done gives room only
// once everything before it is done.
func (t *Tracker) Room() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.revoked {
		return 0
	}
	return int(t.window - t.marks.held())
}

// Mark stands for one offset of one assignment: the receipt of what was read
// there. The zero Mark stands for none.
type Mark struct {
	tracker *Tracker
	place   int64
}

// Done says that what was read at the offset is done with. It reports whether
// that was news: not if it was said before, nor after Revoke. It allocates
// nothing.
func (m Mark) Done() bool {
	if m.tracker == nil {
		return false
	}
	m.tracker.mu.Lock()
	defer m.tracker.mu.Unlock()
	return !m.tracker.revoked && m.tracker.marks.set(m.place)
}
