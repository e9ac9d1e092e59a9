package engine

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// pace decides how many items a worker of a pool takes at once. It takes one as
// long as nothing is known, and where an attempt takes its time; only where
// attempts are so short that handing over would cost more than they do, it takes
// as many as are over in no time.
type pace struct {
	known atomic.Int64 // how many attempts were looked at, up to warmUp
	most  atomic.Int64
	each  atomic.Int64 // how long one takes, in nanoseconds
}

const (
	// warmUp is how many attempts are made one by one before any are taken together.
	warmUp = 16
	// slabTime is how long what is taken together may take.
	slabTime = 50 * time.Microsecond
	// mostAtOnce is how many may be taken together.
	mostAtOnce = 256
	// strideTime is how long attempts may go on before the time is taken again.
	strideTime  = 4 * time.Microsecond
	leastStride = 8
	mostStride  = 64
)

// size returns how many items to take.
func (p *pace) size() int { return int(max(1, p.most.Load())) }

// cost returns how long n attempts will take.
func (p *pace) cost(n int) time.Duration {
	each := p.each.Load()
	if each == 0 {
		return time.Hour
	}
	return time.Duration(each * int64(n))
}

// stride returns after how many attempts to take the time again, a power of two:
// when each of them began is not known better than that.
func (p *pace) stride() int {
	each := p.each.Load()
	if each == 0 {
		return leastStride
	}
	most := min(int64(strideTime)/each, mostStride)
	if most <= leastStride {
		return leastStride
	}
	return 1 << (bits.Len64(uint64(most)) - 1)
}

// note enters how long n attempts have taken together. The pace slows down at
// once, and quickens step by step. Where attempts take their time now and then, as
// with a cache that does not have everything, nothing is known of the next one.
func (p *pace) note(n int, took time.Duration) {
	if n == 0 {
		return
	}
	each := max(1, int64(took)/int64(n))
	if each > int64(carryTime) {
		p.known.Store(0)
		p.each.Store(0)
		p.most.Store(0)
		return
	}
	if p.known.Load() < warmUp {
		p.known.Add(int64(n))
		return
	}
	known := p.each.Load()
	if cost := min(each, 2*known); known == 0 {
		p.each.Store(each)
	} else if cost != known { // one that was interrupted says little
		p.each.Store(cost)
	}
	now := p.most.Load()
	want := min(int64(slabTime)/each, mostAtOnce, max(2, 2*now))
	if want != now {
		p.most.Store(want)
	}
}
