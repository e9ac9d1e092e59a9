package lab

import (
	"sync"
	"time"
)

// Instants gives every timer an instant of its own. Timers that end at the same
// one fire in random order, so that a run could not be repeated. The zero value
// is ready to use.
type Instants struct {
	mu    sync.Mutex
	taken map[int64]struct{} // in nanoseconds; those that have passed are forgotten now and then
	swept int
}

// Apart returns how long to wait instead of d, so that no other wait ends at the
// same instant: d, or a few nanoseconds more. Nothing ends at the present instant.
func (i *Instants) Apart(d time.Duration) time.Duration {
	now := time.Now()
	at := now.Add(max(d, 1)).UnixNano()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.taken == nil {
		i.taken = map[int64]struct{}{}
	}
	for {
		if _, there := i.taken[at]; !there {
			break
		}
		at++
	}
	i.taken[at] = struct{}{}
	i.sweep(now.UnixNano())
	return time.Duration(at - now.UnixNano())
}

// sweep forgets what has passed, whenever there is twice as much as was left the
// last time.
func (i *Instants) sweep(now int64) {
	if len(i.taken) < 2*i.swept+1024 {
		return
	}
	for at := range i.taken {
		if at < now {
			delete(i.taken, at)
		}
	}
	i.swept = len(i.taken)
}
