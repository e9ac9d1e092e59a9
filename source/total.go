package source

import "sync"

// total is a number that is worked out once. Safe for concurrent use: two who
// ask at the same time may both work it out, and nobody waits for the other.
type total struct {
	mu     sync.Mutex
	known  bool
	n      int
	forgot int // how often, so that a number begun before is not kept
}

func (t *total) get(count func() (int, error)) (int, error) {
	t.mu.Lock()
	n, known, forgot := t.n, t.known, t.forgot
	t.mu.Unlock()
	if known {
		return n, nil
	}
	n, err := count()
	if err != nil {
		return 0, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.forgot == forgot {
		t.n, t.known = n, true
	}
	return n, nil
}

func (t *total) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.known = false
	t.forgot++
}
