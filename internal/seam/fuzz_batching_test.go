package seam

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcegraph/conc"
)

// Batches are foretold here by a list of when each item came, and the Queue must
// hand out exactly those, at exactly those instants. One goroutine takes, as fast
// as the script lets it. Items come, batches end and takers come back at instants
// that are never the same, so that there is one answer.
const (
	tick      = 10 * time.Millisecond // items come at multiples of it
	offBeat   = 5 * time.Millisecond  // batches end so much beside it
	holdBeat  = 2 * time.Millisecond  // and holds
	takerBeat = time.Microsecond      // takers are back so much later, each time anew
)

// taken is a slab and when it was taken.
type taken struct {
	at    time.Duration
	items []int
}

// foretold is the list.
type foretold struct {
	config   Config[int]
	now      time.Duration
	waiting  []int           // items
	came     []time.Duration // by item
	ready    int             // how many of waiting
	next     int             // the number of the next item
	freeAt   time.Duration   // when the taker is back
	heldTill time.Duration
	eager    bool
	work     []time.Duration // how long the taker is away after each slab
	slabs    []taken
}

// until lets everything happen that happens before an instant.
func (f *foretold) until(to time.Duration) {
	for {
		at, what := to, func() {}
		if n := len(f.waiting); n > f.ready {
			if end := f.came[f.waiting[f.ready]] + f.config.Within; end < at {
				at, what = end, func() { f.ready = len(f.waiting) }
			}
		}
		if f.ready > 0 {
			if back := max(f.freeAt, f.heldTill, f.now); back < at {
				at, what = back, f.take
			}
		}
		f.now = at
		if at == to {
			return
		}
		what()
	}
}

func (f *foretold) take() {
	n := min(f.ready, f.config.Slab)
	f.slabs = append(f.slabs, taken{f.now, slices.Clone(f.waiting[:n])})
	f.waiting, f.ready = f.waiting[n:], f.ready-n
	f.freeAt = f.now + f.away(len(f.slabs)-1)
}

// away returns how long the taker is away after its n-th slab.
func (f *foretold) away(n int) time.Duration {
	if n >= len(f.work) {
		return 0
	}
	return f.work[n]
}

func (f *foretold) offer() bool {
	if len(f.waiting) >= f.config.Bound {
		return false
	}
	f.waiting, f.came = append(f.waiting, f.next), append(f.came, f.now)
	f.next++
	for len(f.waiting)-f.ready >= f.config.Batch {
		f.ready += f.config.Batch
	}
	if f.eager || f.config.Batch <= 1 {
		f.ready = len(f.waiting)
	}
	return true
}

// batching plays a script on a Queue and on the list.
type batching struct {
	t     *testing.T
	start time.Time
	over  chan struct{}
	queue *Queue[int, int]
	list  *foretold
	slabs []taken
}

func newBatching(t *testing.T, shape []byte) *batching {
	b := &batching{t: t, start: time.Now(), over: make(chan struct{}), list: &foretold{}}
	batch := 1 + int(shape[0]%7)
	b.list.config = Config[int]{
		Over: b.over, After: after, Batch: batch, Slab: batch + int(shape[1]%3), Bound: batch + int(shape[1]/3%20),
		Within: time.Duration(shape[2]%8)*tick + offBeat,
	}
	for _, c := range shape[3:] {
		if away := time.Duration(c%8) * tick; away > 0 {
			b.list.work = append(b.list.work, away+takerBeat)
		} else {
			b.list.work = append(b.list.work, 0)
		}
	}
	b.queue = New[int, int](b.list.config)
	return b
}

// take is the taker.
func (b *batching) take() {
	for {
		work, ok := take(b.queue)
		if !ok {
			return
		}
		b.slabs = append(b.slabs, taken{time.Since(b.start), slices.Clone(work.Slab)})
		time.Sleep(b.list.away(len(b.slabs) - 1))
	}
}

// play does what a byte asks for. What the taker does at the same instant is done
// when play returns.
func (b *batching) play(op byte) {
	switch op % 8 {
	case 0, 1, 2, 3:
		if got, want := b.queue.Offer(b.list.next), b.list.offer(); got != want {
			b.t.Fatalf("item %d taken in: %v, not %v", b.list.next, got, want)
		}
	case 4, 5:
		d := time.Duration(1+op/8%8) * tick
		b.list.until(b.list.now + d)
		time.Sleep(d)
	case 6:
		b.flush()
	case 7:
		b.rare(op / 8)
	}
	synctest.Wait()
	b.list.settle()
}

// settle lets the taker take what it can without time passing.
func (f *foretold) settle() {
	for f.ready > 0 && f.freeAt <= f.now && f.heldTill <= f.now {
		f.take()
	}
}

func (b *batching) flush() {
	want := len(b.list.waiting) - b.list.ready
	b.list.ready = len(b.list.waiting)
	if got := b.queue.Flush(); got != want {
		b.t.Fatalf("%d flushed, not %d", got, want)
	}
}

func (b *batching) rare(which byte) {
	switch {
	case which == 31:
		b.list.eager, b.list.ready = true, len(b.list.waiting)
		b.queue.Eager()
	case which%2 == 0:
		d := time.Duration(1+which/2%4)*tick + holdBeat
		b.list.heldTill = max(b.list.heldTill, b.list.now+d)
		b.queue.Hold(d)
	}
	if got, want := b.queue.Filling(), len(b.list.waiting)-b.list.ready; got != want {
		b.t.Fatalf("%d wait for their batch, not %d", got, want)
	}
}

// end lets everything leave that will, and compares.
func (b *batching) end() {
	const long = time.Hour
	b.list.until(b.list.now + long)
	time.Sleep(long)
	synctest.Wait()
	if got, want := fmt.Sprint(b.slabs), fmt.Sprint(b.list.slabs); got != want {
		b.t.Fatalf("%+v took\n%s, not\n%s", b.list.config, got, want)
	}
	if n := b.queue.Len(); n != 0 {
		b.t.Fatalf("%d are left", n)
	}
}

// FuzzBatching holds that batches leave when they are full, when the first of
// them has waited long enough, or when they are flushed, whatever a taker does
// meanwhile: those batches, at those instants, and no others.
func FuzzBatching(f *testing.F) {
	mixed := make([]byte, 400)
	for i := range mixed {
		mixed[i] = byte(i*43 + i/3)
	}
	for i := range byte(24) {
		f.Add([]byte{i, i * 5, i * 3, i, 0, i * 7, 3, 0, 0, 1}, mixed)
	}
	f.Add([]byte{2, 0, 3, 0}, []byte{0, 0, 28, 0, 60})       // two wait, and the third comes in time
	f.Add([]byte{4, 9, 1, 7, 7}, []byte{0, 0, 0, 12, 0, 6})  // flushed while the taker is away
	f.Add([]byte{4, 9, 1, 0}, []byte{0, 0, 7, 0, 36, 0, 36}) // held
	f.Add([]byte{0, 0, 1, 0}, []byte{55, 7, 0, 28, 0, 36})   // held for long, then for less
	f.Add([]byte{3, 6, 1, 7, 7}, []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 60})
	f.Add([]byte{1, 0, 0, 3}, []byte{0, 0, 0, 0, 36, 255, 0, 0})
	f.Fuzz(func(t *testing.T, shape, script []byte) {
		if len(shape) < 3 {
			return
		}
		shape, script = shape[:min(len(shape), 1000)], script[:min(len(script), 1000)]
		synctest.Test(t, func(t *testing.T) {
			b := newBatching(t, shape)
			var scope conc.WaitGroup
			defer scope.Wait()
			defer close(b.over)
			scope.Go(b.take)
			synctest.Wait()
			for _, op := range script {
				b.play(op)
			}
			b.end()
		})
	})
}
