package engine

import (
	"time"

	"github.com/ergon-go/ergon/internal/seam"
)

// carrier is who hands on what it has made. It carries that on itself, in the
// place of a worker further down that has nothing to do, where this takes less
// time than waking that worker would. The zero value is nobody.
type carrier struct {
	desk *desk
	time time.Duration // what it may still spend
}

// carryTime is how long what is handed on may be carried on. To wake another
// processor takes about as long; and what is worked on there has to get there
// first, which for small items costs more than the work.
const carryTime = 20 * time.Microsecond

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
	if lent.Hand != nil {
		lent.Hand.Owner.(*worker[T, R]).carry(lent, carrier{by.desk, by.time - cost})
	}
}

// carry does the work of a worker that waits, in the goroutine of another.
func (w *worker[T, R]) carry(lent seam.Lent[T], by carrier) {
	ended := true // by user code
	own := w.desk.lend(by.desk)
	w.by = by
	defer func() {
		w.by = carrier{}
		w.desk.named(own)
		if ended {
			by.desk.leave(true)
		}
		w.pool.queue.GiveBack(lent)
	}()
	if work, some := w.pool.queue.TakeNow(&w.hand, w.pool.atOnce()); some {
		w.do(work)
	}
	ended = false
}

// carried reports whether another goroutine does the work.
func (w *worker[T, R]) carried() bool { return w.by.desk != nil }

// tired reports whether what is carried takes much longer than it should.
func (w *worker[T, R]) tired() bool {
	return w.carried() && w.at&7 == 7 && time.Since(w.pool.run.began)-time.Duration(w.since.Load()) > 10*carryTime
}
