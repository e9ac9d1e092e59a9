package ergonotel

import (
	"maps"
	"sync"
	"sync/atomic"
)

// memo keeps what is made of few keys and asked for often: whoever asks for what is
// there waits for no lock.
type memo[K comparable, V any] struct {
	known atomic.Pointer[map[K]V]
	mu    sync.Mutex
}

// mostKept is how many values are kept, should keys be made up as a program goes.
const mostKept = 10_000

// of returns the value of a key, which is made where there is none.
func (m *memo[K, V]) of(key K, made func() V) V {
	if known := m.known.Load(); known != nil {
		if v, some := (*known)[key]; some {
			return v
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	more := map[K]V{}
	if known := m.known.Load(); known != nil {
		if v, some := (*known)[key]; some {
			return v
		}
		if len(*known) >= mostKept {
			return made()
		}
		more = maps.Clone(*known)
	}
	more[key] = made()
	m.known.Store(&more)
	return more[key]
}
