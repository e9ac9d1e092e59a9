package seam

// parking is where goroutines wait for a Queue to change, each with something of
// its own. It belongs to one Queue and is guarded by its lock.
type parking[W any] struct {
	waiting ring[parked[W]]
	free    []chan struct{} // used again, so that waiting costs no memory
}

// parked is one that waits.
type parked[W any] struct {
	spot chan struct{}
	with W
}

// enter returns what the caller is to wait on once it has left the lock.
func (p *parking[W]) enter(with W) chan struct{} {
	var spot chan struct{}
	if n := len(p.free); n > 0 {
		spot, p.free = p.free[n-1], p.free[:n-1]
	} else {
		spot = make(chan struct{}, 1)
	}
	p.waiting.push(parked[W]{spot, with})
	return spot
}

// leave gives a spot back after the wait on it has ended.
func (p *parking[W]) leave(spot chan struct{}) { p.free = append(p.free, spot) }

// wake lets the one who has waited longest go on, and says whether there was one.
func (p *parking[W]) wake() bool {
	if p.waiting.length == 0 {
		return false
	}
	p.waiting.pop().spot <- struct{}{}
	return true
}
