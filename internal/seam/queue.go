package seam

import (
	"sync"
	"sync/atomic"
	"time"
)

// Ticket is the place of a slab in the order of taking, from 0.
type Ticket int64

// Config says how a Queue behaves. Over must be set; the rest may be zero.
type Config[T any] struct {
	Over   <-chan struct{} // closed when the run is over
	Bound  int             // how many items may wait; at least a batch
	Slab   int             // the most items of one Take where the taker may not choose; at least 1
	Help   bool            // what one worker has taken and not begun, another may take from it
	Batch  int             // above 1: items become ready in batches of this size
	Within time.Duration   // how long an item waits for its batch
	Window int             // above 0: the most slabs taken and not Passed
	Key    func(T) string  // not nil: one item of a key at a time, or one slab
	Park   int             // how many items may wait behind their keys, beside Bound
	Idle   func()          // there is something to take and nobody waits for it
	Ready  func(items int) // so many items of a batching Queue became ready
	// After runs f after d. It is the one source of time.
	After func(d time.Duration, f func())
}

// Work is what a Take returns, beside the items in the Hand.
type Work[R any] struct {
	Again  R    // what is to be taken up again
	Old    bool // Again is set, and the Hand is empty
	Shared bool // the Hand has what another Hand gave
	Rest   bool // the Hand has what it had
}

// Queue hands items of T from many goroutines to many. R is what comes back.
type Queue[T, R any] struct {
	config Config[T]

	mu      sync.Mutex
	items   ring[T]
	ready   int // how many of items may be taken
	times   ring[time.Time]
	again   ring[R]
	helped  []*Hand[T] // from which something may be taken, the latest last
	wanted  bool       // somebody to take it was not to be had
	keys    keys[T]
	takers  parking[*Hand[T]]
	putters parking[struct{}]
	lent    int // how many places
	taken   Ticket
	passed  Ticket
	held    bool
	shut    atomic.Bool   // held, for those who only look
	gate    chan struct{} // closed at the end of the Hold
	until   time.Time     // when the Hold ends
	holds   int           // which Hold is in force
	eager   bool          // batches do not wait to fill any more
	rushed  bool
	alarm   bool // one is set
	awaited time.Duration
}

// New returns an empty Queue.
func New[T, R any](c Config[T]) *Queue[T, R] {
	c.Slab = max(c.Slab, c.Batch, 1)
	c.Bound = max(c.Bound, c.Batch, 1)
	c.Park = max(c.Park, c.Bound)
	q := &Queue[T, R]{config: c, keys: keys[T]{of: c.Key}}
	return q
}

// Put hands items over, waiting for room as long as it takes. It copies the
// slab. It returns false when the run was over before all were in.
func (q *Queue[T, R]) Put(slab []T) bool {
	for len(slab) > 0 {
		q.mu.Lock()
		n := q.room(len(slab))
		q.items.pushAll(slab[:n])
		slab = slab[n:]
		became := q.arrived(n)
		var spot chan struct{}
		if len(slab) > 0 {
			spot = q.putters.enter(struct{}{}, false)
		} else if q.roomy() {
			q.putters.wake()
		}
		idle := q.stir()
		q.mu.Unlock()
		q.tell(became, idle)
		if spot == nil {
			continue
		}
		since := time.Now()
		going := q.wait(spot)
		q.mu.Lock()
		q.awaited += time.Since(since)
		if going {
			q.putters.leave(spot)
		}
		q.mu.Unlock()
		if !going {
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

// roomy reports whether it is worth waking who waits for room.
func (q *Queue[T, R]) roomy() bool {
	half := (q.config.Bound + 1) / 2
	return q.room(half) == half
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
		if q.roomy() {
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

// Awaited returns how long those who put items have waited for room, all together.
// Who waits now is not counted yet.
func (q *Queue[T, R]) Awaited() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.awaited
}

// Stir wakes somebody, or says that nobody waits, where there is something to be
// taken, from those who have more than they can begin too.
func (q *Queue[T, R]) Stir() {
	q.mu.Lock()
	idle := (q.takeable() || q.helpable()) && !q.takers.wake()
	q.mu.Unlock()
	q.tell(0, idle)
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
func (q *Queue[T, R]) wait(spot chan struct{}) bool {
	select {
	case <-spot:
		return true
	case <-q.config.Over:
		return false
	}
}
