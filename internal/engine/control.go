package engine

import "sync"

// Control lets others pause the fetching of a run. It outlives runs.
type Control struct {
	mu      sync.Mutex
	resumed chan struct{} // not nil while paused; closed by Resume
}

// Pause keeps the run from fetching more.
func (c *Control) Pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.resumed == nil {
		c.resumed = make(chan struct{})
	}
}

// Resume lets the run fetch again.
func (c *Control) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.resumed != nil {
		close(c.resumed)
		c.resumed = nil
	}
}

// paused returns what is closed at Resume, nil where nothing is paused.
func (c *Control) paused() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.resumed
}
