package engine

import (
	"runtime"
	"time"
)

// looking is a wait for what somebody else has for a moment. The zero value has not
// begun.
type looking struct {
	n     int
	since time.Time
}

// looks is how often one looks before it sleeps or does without. Looking takes about
// 150 ns where nobody else wants the processor, so this is as long as another takes with
// a slab of short work, and less than it takes to wake up.
const looks = 100

// again lets others go on, and reports whether it is worth looking again. Where they
// take their time, it is not.
func (l *looking) again() bool {
	switch {
	case l.n == looks:
		return false
	case l.n == 0:
		l.since = time.Now()
	case l.n%8 == 0 && time.Since(l.since) > carryTime:
		return false
	}
	l.n++
	runtime.Gosched()
	return true
}
