package main

import (
	"context"
	"sync"

	"github.com/ergon-go/ergon"
)

// trouble keeps account of lines that failed through no fault of theirs and were
// given back to the queue. The zero value is ready to use.
type trouble struct {
	mu    sync.Mutex
	lines int
	first error
}

// report sees every failure, and lets its verdict stand.
func (t *trouble) report(_ context.Context, f ergon.Failure[ergon.Record]) error {
	if f.Verdict != ergon.Returned {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines++
	if t.first == nil {
		t.first = f.Err
	}
	return nil
}

// seen returns how many lines were given back, and why the first was.
func (t *trouble) seen() (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lines, t.first
}
