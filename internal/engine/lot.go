package engine

import (
	"sync"
	"sync/atomic"
)

// lot is the memory of what one fetch got. When all of it has been accounted for,
// another fetch uses it again: memory that was used just now is quicker by far
// than memory that is new.
type lot[In any] struct {
	origins []origin[In]
	left    atomic.Int64 // how many have not been accounted for
	kept    *lots[In]    // nil: it is not used again
}

// lots are those that no transaction is in.
type lots[In any] struct {
	size int // of each
	mu   sync.Mutex
	free []*lot[In]
}

// get returns a lot for n transactions.
func (l *lots[In]) get(n int) *lot[In] {
	if n > l.size || 2*n < l.size { // what is small is not worth being kept
		return &lot[In]{origins: make([]origin[In], n)}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if last := len(l.free) - 1; last >= 0 {
		again := l.free[last]
		l.free = l.free[:last]
		return again
	}
	return &lot[In]{origins: make([]origin[In], l.size), kept: l}
}

// gone says that n more transactions of the lot have been accounted for, after
// which nobody may touch them.
func (l *lot[In]) gone(n int) {
	if l.kept == nil || l.left.Add(-int64(n)) > 0 {
		return
	}
	l.kept.mu.Lock()
	defer l.kept.mu.Unlock()
	l.kept.free = append(l.kept.free, l)
}
