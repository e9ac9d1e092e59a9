package seam

import (
	"sync"
	"time"
)

// Ticket is the place of a slab in the order of taking, from 0.
type Ticket int64

// Config says how a Queue behaves. Over must be set; the rest may be zero.
type Config[T any] struct {
	Over   <-chan struct{} // closed when the run is over
	Bound  int             // how many items may wait; at least a batch
	Slab   int             // the most items of one Take; at least 1
	Batch  int             // above 1: items become ready in batches of this size
	Within time.Duration   // how long an item waits for its batch
	Window int             // above 0: the most slabs taken and not Passed
	Key    func(T) string  // not nil: one item of a key at a time, or one slab
	Park   int             // how many items may wait behind their keys, beside Bound
	Idle   func()          // there is something to take and nobody waits for it
	Ready  func(items int) // so many items of a batching Queue became ready
	// After runs f after d, and returns what prevents it. It is the one source of time.
	After func(d time.Duration, f func()) (stop func())
}

// Work is what a Take returns: a slab of new items, or something to take up again.
type Work[T, R any] struct {
	Slab   []T
	Ticket Ticket
	Again  R
	Old    bool // Again is set, not Slab
}

// Queue hands items of T from many goroutines to many. R is what comes back.
type Queue[T, R any] struct {
	config Config[T]

	mu      sync.Mutex
	items   ring[T]
	ready   int // how many of items may be taken
	times   ring[time.Time]
	again   ring[R]
	keys    keys[T]
	takers  parking
	putters parking
	taken   Ticket
	passed  Ticket
	held    bool
	until   time.Time // when the Hold ends
	holds   int       // which Hold is in force
	eager   bool      // batches do not wait to fill any more
	rushed  bool
	alarm   func() // stops the timer of the batch that is filling
}

// New returns an empty Queue.
func New[T, R any](c Config[T]) *Queue[T, R] {
	c.Slab = max(c.Slab, c.Batch, 1)
	c.Bound = max(c.Bound, c.Batch, 1)
	c.Park = max(c.Park, c.Bound)
	return &Queue[T, R]{config: c, keys: keys[T]{of: c.Key}}
}

// Put hands items over, waiting for room as long as it takes. It copies the
// slab. It returns false when the run was over before all were in.
func (q *Queue[T, R]) Put(slab []T) bool {
	for len(slab) > 0 {
		q.mu.Lock()
		n := q.room(len(slab))
		for _, v := range slab[:n] {
			q.items.push(v)
		}
		slab = slab[n:]
		became := q.arrived(n)
		var spot chan struct{}
		if len(slab) > 0 {
			spot = q.putters.enter()
		} else if q.room(1) > 0 {
			q.putters.wake()
		}
		idle := q.stir()
		q.mu.Unlock()
		q.tell(became, idle)
		if spot != nil && !q.wait(spot, &q.putters) {
			return false
		}
	}
	return true
}

// Offer hands one item over if there is room for it, and says whether it did.
func (q *Queue[T, R]) Offer(v T) bool {
	q.mu.Lock()
	if q.room(1) == 0 {
		q.mu.Unlock()
		return false
	}
	q.items.push(v)
	became := q.arrived(1)
	idle := q.stir()
	q.mu.Unlock()
	q.tell(became, idle)
	return true
}

// room returns how many of n items there is room for.
func (q *Queue[T, R]) room(n int) int {
	if q.config.Key != nil && q.keys.parked+q.keys.next.length >= q.config.Park {
		return 0
	}
	return min(n, max(0, q.config.Bound-q.items.length))
}

// Take waits for something to do. It appends new items to buffer[:0]. false
// means that the run is over.
func (q *Queue[T, R]) Take(buffer []T) (Work[T, R], bool) {
	for {
		select {
		case <-q.config.Over:
			return Work[T, R]{}, false
		default:
		}
		q.mu.Lock()
		work, ok := q.next(buffer)
		if q.room(1) > 0 {
			q.putters.wake() // parking an item behind its key makes room too
		}
		if ok {
			idle := q.stir()
			q.mu.Unlock()
			q.tell(0, idle)
			return work, true
		}
		spot := q.takers.enter()
		q.mu.Unlock()
		if !q.wait(spot, &q.takers) {
			return Work[T, R]{}, false
		}
	}
}

// next takes what may be taken now, if anything.
func (q *Queue[T, R]) next(buffer []T) (Work[T, R], bool) {
	if q.held && !q.rushed {
		return Work[T, R]{}, false
	}
	if q.again.length > 0 {
		return Work[T, R]{Again: q.again.pop(), Old: true}, true
	}
	if !q.open() {
		return Work[T, R]{}, false
	}
	slab := q.keys.reserved(buffer[:0], q.config.Slab, q.taken)
	for len(slab) < q.config.Slab && q.ready > 0 {
		q.ready--
		if v := q.pop(); q.keys.admit(v, q.taken, q.rushed) {
			slab = append(slab, v)
		}
	}
	if len(slab) == 0 {
		return Work[T, R]{}, false
	}
	work := Work[T, R]{Slab: slab, Ticket: q.taken}
	q.taken++
	return work, true
}

// open reports whether another slab of new items may be taken.
func (q *Queue[T, R]) open() bool {
	return q.rushed || q.config.Window == 0 || int(q.taken-q.passed) < q.config.Window
}

// takeable reports whether next would find something.
func (q *Queue[T, R]) takeable() bool {
	if q.held && !q.rushed {
		return false
	}
	return q.again.length > 0 || q.open() && (q.ready > 0 || q.keys.next.length > 0)
}

// Again hands over what is to be taken up again. It never waits.
func (q *Queue[T, R]) Again(r R) {
	q.mu.Lock()
	q.again.push(r)
	idle := q.stir()
	q.mu.Unlock()
	q.tell(0, idle)
}

// Pass says that n more slabs have left for good, which opens the Window.
func (q *Queue[T, R]) Pass(n int) {
	q.change(func() { q.passed += Ticket(n) })
}

// Done says that an item has left for good, which frees its key.
func (q *Queue[T, R]) Done(v T) {
	if q.config.Key == nil {
		return
	}
	q.change(func() {
		q.keys.done(v, q.config.Slab)
		if q.room(1) > 0 {
			q.putters.wake()
		}
	})
}

// Len returns how many items wait, ready or not.
func (q *Queue[T, R]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items.length + q.keys.parked + q.keys.next.length
}

// change applies a change that may let somebody take something.
func (q *Queue[T, R]) change(f func()) {
	q.mu.Lock()
	f()
	idle := q.stir()
	q.mu.Unlock()
	q.tell(0, idle)
}

// stir wakes a taker if there is something for it, and returns true where there
// is something and nobody to wake.
func (q *Queue[T, R]) stir() (idle bool) {
	return q.takeable() && !q.takers.wake()
}

// tell calls back what was found under the lock, outside it.
func (q *Queue[T, R]) tell(became int, idle bool) {
	if became > 0 && q.config.Ready != nil {
		q.config.Ready(became)
	}
	if idle && q.config.Idle != nil {
		q.config.Idle()
	}
}

// wait waits in a parking until woken, or returns false when the run is over.
func (q *Queue[T, R]) wait(spot chan struct{}, p *parking) bool {
	select {
	case <-spot:
		q.mu.Lock()
		p.leave(spot)
		q.mu.Unlock()
		return true
	case <-q.config.Over:
		return false
	}
}
