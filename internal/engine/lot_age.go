package engine

import (
	"math"
	"time"
)

// fill says that n transactions are in a lot of now on. What it costs is paid once
// for a fetch, never for a transaction.
func (l *lots[In]) fill(of *lot[In], n int, now time.Duration) {
	of.fetched.Store(int64(now)) // before left, since who looks reads it after that
	of.left.Store(int64(n))
	if of.kept == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		of.home = l
		l.know(of)
	}
}

// know enters a lot among those that transactions may be in. The caller has the lock.
func (l *lots[In]) know(of *lot[In]) {
	if l.open == nil {
		l.open = map[*lot[In]]struct{}{}
	}
	l.open[of] = struct{}{}
}

// forget takes out a lot that nothing is in, and nothing will be.
func (l *lots[In]) forget(of *lot[In]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, of)
}

// oldest returns when the oldest of those was fetched that have not been accounted
// for. Any goroutine may ask.
func (l *lots[In]) oldest() (at time.Duration, some bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	least := int64(math.MaxInt64)
	for of := range l.open {
		if of.left.Load() > 0 {
			least, some = min(least, of.fetched.Load()), true
		}
	}
	return time.Duration(least), some
}
