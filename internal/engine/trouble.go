package engine

import "sync/atomic"

// trouble is what goes wrong in a pool again and again: the attempts in a row
// that failed and were to be made again. It is what a run that has to stop can
// say about why.
type trouble struct{ now atomic.Pointer[Trouble] }

// Trouble is a stage, sink or handler whose attempts failed, up to the last.
type Trouble struct {
	Stage string
	Times int // in a row
	Err   error
}

// note enters an attempt that is to be made again.
func (t *trouble) note(stage string, err error) {
	for {
		old := t.now.Load()
		next := &Trouble{Stage: stage, Times: 1, Err: err}
		if old != nil {
			next.Times += old.Times
		}
		if t.now.CompareAndSwap(old, next) {
			return
		}
	}
}

// over enters one that succeeded.
func (t *trouble) over() {
	if t.now.Load() != nil {
		t.now.Store(nil)
	}
}

// troubles returns what was going wrong when it was last looked at.
func (r *Run) troubles() []Trouble {
	var all []Trouble
	for _, p := range r.pools {
		if t := p.trouble.now.Load(); t != nil {
			all = append(all, *t)
		}
	}
	return all
}
