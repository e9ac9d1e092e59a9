package seam

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcegraph/conc"
)

// handOver is a stage that keeps the order, with everything around it: somebody
// who puts, workers that make any number of things of each item and take any time
// for it, and whoever gets what they made. A script of bytes says how it goes.
type handOver struct {
	t      *testing.T
	script []byte
	items  int
	over   chan struct{}
	end    func()
	queue  *Queue[int, int]
	line   *Line[[2]int]

	mu         sync.Mutex
	out        int  // slabs that have not passed
	most       int  // of them at a time
	delivering bool // at the moment
	twice      bool // two at a time
	got        [][2]int
}

// at returns the byte that decides something about an item.
func (h *handOver) at(item, what int) int {
	return int(h.script[(item*3+what)%len(h.script)])
}

// children returns how many things are made of an item.
func (h *handOver) children(item int) int { return h.at(item, 0) % 4 }

// want returns everything that is made of the items, in order.
func (h *handOver) want() [][2]int {
	var all [][2]int
	for item := range h.items {
		for child := range h.children(item) {
			all = append(all, [2]int{item, child})
		}
	}
	return all
}

func newHandOver(t *testing.T, shape [4]byte, script []byte) *handOver {
	h := &handOver{t: t, script: script, items: 2 * len(script), over: make(chan struct{})}
	h.end = sync.OnceFunc(func() { close(h.over) })
	h.queue = New[int, int](Config[int]{
		Over: h.over, After: after, Bound: 1 + int(shape[0]%9), Slab: 1 + int(shape[1]%4), Window: 1 + int(shape[2]%6),
	})
	h.line = NewLine(h.deliver, h.passed)
	return h
}

func (h *handOver) passed(n int) {
	h.mu.Lock()
	h.out -= n
	h.mu.Unlock()
	h.queue.Pass(n)
}

// deliver is the next stage: it may be slow.
func (h *handOver) deliver(slab [][2]int) {
	h.mu.Lock()
	h.twice = h.twice || h.delivering
	h.delivering = true
	h.mu.Unlock()
	time.Sleep(time.Duration(h.at(slab[0][0], 2)%4) * time.Second)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delivering = false
	h.got = append(h.got, slab...)
}

func (h *handOver) put() {
	for i := 0; i < h.items; {
		n := min(1+h.at(i, 1)%5, h.items-i)
		var slab []int
		for range n {
			slab = append(slab, i)
			i++
		}
		if !h.queue.Put(slab) {
			return
		}
	}
}

func (h *handOver) work() {
	for {
		work, ok := take(h.queue)
		if !ok {
			return
		}
		h.mu.Lock()
		h.out++
		h.most = max(h.most, h.out)
		h.mu.Unlock()
		for _, item := range work.Slab {
			h.make(work.Ticket, item)
		}
		h.line.End(work.Ticket)
	}
}

// make makes the things of one item: all at once, or one after another.
func (h *handOver) make(place Ticket, item int) {
	time.Sleep(time.Duration(h.at(item, 1)%8) * time.Second)
	var all [][2]int
	for child := range h.children(item) {
		all = append(all, [2]int{item, child})
	}
	if h.at(item, 2)%2 == 0 {
		h.line.Add(place, all...)
		return
	}
	for _, one := range all {
		h.line.Deliver(place, one)
		time.Sleep(time.Duration(h.at(item, 0)%3) * time.Second)
	}
}

// play lets it go on to the end, or until the run is over after so many seconds.
func (h *handOver) play(workers, seconds int) {
	var scope conc.WaitGroup
	scope.Go(h.put)
	for range workers {
		scope.Go(h.work)
	}
	if seconds > 0 {
		time.Sleep(time.Duration(seconds) * time.Second)
		synctest.Wait()
	} else {
		time.Sleep(24 * time.Hour)
	}
	h.end()
	scope.Wait()
}

// check compares. What is left out when the run is over is left out at the end.
func (h *handOver) check(whole bool) {
	want := h.want()
	switch {
	case h.twice:
		h.t.Fatal("two deliver at once")
	case h.most > h.queue.config.Window:
		h.t.Fatalf("%d slabs out, and the window is %d", h.most, h.queue.config.Window)
	case whole && !slices.Equal(h.got, want):
		h.t.Fatalf("%v came, not %v", h.got, want)
	case len(h.got) > len(want) || !slices.Equal(h.got, want[:len(h.got)]):
		h.t.Fatalf("%v came, which is no beginning of %v", h.got, want)
	}
}

// FuzzOrderedHandOver holds that what workers make of items leaves in the order
// of the items, all of it and once, with no more under way than the window lets
// through, however long each of them takes.
func FuzzOrderedHandOver(f *testing.F) {
	mixed := make([]byte, 60)
	for i := range mixed {
		mixed[i] = byte(i*71 + i/4)
	}
	for i := range byte(12) {
		f.Add(i, i*3, i*5, i*2, byte(0), mixed)
		f.Add(i, i*3, i*5, i*2, 5+i*9, mixed)
	}
	f.Add(byte(0), byte(0), byte(0), byte(0), byte(0), []byte{0})      // nothing comes of anything
	f.Add(byte(3), byte(1), byte(5), byte(7), byte(0), []byte{1, 255}) // every other item takes its time
	f.Add(byte(8), byte(0), byte(5), byte(3), byte(0), []byte{3, 7, 1, 2, 0, 3})
	f.Fuzz(func(t *testing.T, bound, slab, window, workers, seconds byte, script []byte) {
		if len(script) == 0 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			h := newHandOver(t, [4]byte{bound, slab, window}, script[:min(len(script), 200)])
			h.play(1+int(workers%8), int(seconds))
			h.check(seconds == 0)
		})
	})
}
