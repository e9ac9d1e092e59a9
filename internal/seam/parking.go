package seam

// parking is where goroutines wait for a Queue to change. It belongs to one
// Queue and is guarded by its lock.
type parking struct {
	waiting ring[chan struct{}]
	free    []chan struct{} // used again, so that waiting costs no memory
}

// enter returns what the caller is to wait on once it has left the lock.
func (p *parking) enter() chan struct{} {
	var spot chan struct{}
	if n := len(p.free); n > 0 {
		spot, p.free = p.free[n-1], p.free[:n-1]
	} else {
		spot = make(chan struct{}, 1)
	}
	p.waiting.push(spot)
	return spot
}

// leave gives a spot back after the wait on it has ended.
func (p *parking) leave(spot chan struct{}) { p.free = append(p.free, spot) }

// wake lets the one who has waited longest go on, and says whether there was one.
func (p *parking) wake() bool {
	if p.waiting.length == 0 {
		return false
	}
	p.waiting.pop() <- struct{}{}
	return true
}
