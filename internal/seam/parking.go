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
	away bool // it does something else, and will see for itself when it is back
}

// enter returns what the caller is to wait on once it has left the lock.
func (p *parking[W]) enter(with W, away bool) chan struct{} {
	var spot chan struct{}
	if n := len(p.free); n > 0 {
		spot, p.free = p.free[n-1], p.free[:n-1]
	} else {
		spot = make(chan struct{}, 1)
	}
	p.waiting.push(parked[W]{spot, with, away})
	return spot
}

// leave gives a spot back after the wait on it has ended.
func (p *parking[W]) leave(spot chan struct{}) { p.free = append(p.free, spot) }

// remove takes one out who does not wait any more, and says whether it was there.
func (p *parking[W]) remove(spot chan struct{}) bool {
	for i := p.waiting.length - 1; i >= 0; i-- {
		if p.waiting.at(i).spot == spot {
			p.waiting.remove(i)
			p.leave(spot)
			return true
		}
	}
	return false
}

// wake lets the one who has waited longest go on, and says whether there was one.
func (p *parking[W]) wake() bool {
	for i := range p.waiting.length {
		if at := p.waiting.at(i); !at.away {
			p.waiting.remove(i)
			at.spot <- struct{}{}
			return true
		}
	}
	return false
}
