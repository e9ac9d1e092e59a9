package engine

import (
	"time"

	"github.com/ergon-go/ergon/internal/seam"
)

// carrier is a worker that hands on what it has made. It carries that on itself,
// in the place of a worker further down that has nothing to do, where this takes
// less time than waking that worker would.
type carrier struct {
	desk *desk
	time time.Duration // what it may still spend
}

// carryTime is how long a worker may carry on what it has made: about what it
// takes until a processor that sleeps is at work again.
const carryTime = 5 * time.Microsecond

// pass hands items over, or carries them on.
func (p *pool[T, R]) pass(slab []T, by carrier) {
	cost := p.pace.cost(len(slab))
	if l := p.run.lab; l != nil && l.Slab != nil {
		cost = 0
	}
	if !p.light || cost > by.time || p.run.isOver() {
		p.put(slab)
		return
	}
	lent, ok := p.queue.Lend(slab)
	if !ok {
		p.put(slab)
		return
	}
	if p.body.gathers {
		p.run.move(-int64(len(slab)))
	}
	lent.Hand.Owner.(*worker[T, R]).carry(lent, carrier{by.desk, by.time - cost})
}

// carry does the work of a worker that waits, in the goroutine of another.
func (w *worker[T, R]) carry(lent seam.Lent[T], by carrier) {
	ended := true // by user code
	own := w.desk.lend(by.desk)
	w.by = &by
	defer func() {
		w.by = nil
		w.desk.named(own)
		if ended {
			by.desk.leave(true)
		}
		w.pool.queue.GiveBack(lent)
	}()
	w.pool.queue.Open(&w.hand)
	w.run()
	ended = false
}

// tired reports whether what is carried takes much longer than it should.
func (w *worker[T, R]) tired() bool {
	return w.by != nil && w.at&7 == 7 && time.Since(w.pool.run.began)-time.Duration(w.since.Load()) > 10*carryTime
}
