package scenarios

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// heapWatch looks at the heap again and again. The collector is made to run after
// about every 4 MB, as it does in a program that holds nothing else, however much
// the items take.
type heapWatch struct {
	percent          int // of the collector before
	live, heap       float64
	lives            []float64
	stop, stopped    chan struct{}
	startHeap, start float64
}

const (
	liveMetric = "/gc/heap/live:bytes"
	heapMetric = "/memory/classes/heap/objects:bytes"
	collected  = 4 << 20
)

func watchHeap() *heapWatch {
	runtime.GC()
	runtime.GC()
	w := &heapWatch{stop: make(chan struct{}), stopped: make(chan struct{})}
	w.start, w.startHeap = readHeap()
	w.percent = debug.SetGCPercent(max(1, int(100*collected/max(w.start, 1))))
	go w.run() // until into
	return w
}

func (w *heapWatch) run() {
	defer close(w.stopped)
	often, seldom := time.NewTicker(2*time.Millisecond), time.NewTicker(50*time.Millisecond)
	defer often.Stop()
	defer seldom.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-often.C:
		case <-seldom.C:
			runtime.GC() // else a run that allocates next to nothing would never be looked at
		}
		live, heap := readHeap()
		w.live, w.heap = max(w.live, live-w.start), max(w.heap, heap-w.startHeap)
		w.lives = append(w.lives, live-w.start)
	}
}

// into ends the watch and adds what was seen.
func (w *heapWatch) into(s *measure.Sample) {
	close(w.stop)
	<-w.stopped
	debug.SetGCPercent(w.percent)
	third := len(w.lives) / 3
	s.Live, s.Heap = w.live, w.heap
	s.Growth = middle(w.lives[len(w.lives)-third:]) - middle(w.lives[:third])
}

func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return measure.IntervalOf(values).Median
}

func readHeap() (live, heap float64) {
	samples := []metrics.Sample{{Name: liveMetric}, {Name: heapMetric}}
	metrics.Read(samples)
	return float64(samples[0].Value.Uint64()), float64(samples[1].Value.Uint64())
}
