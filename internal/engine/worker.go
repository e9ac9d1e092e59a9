package engine

import "github.com/ergon-go/ergon/internal/seam"

// worker is who holds a slot of a pool.
type worker[T any] struct {
	seat
	pool *pool[T] // whole; that of the seat is its core
	hand seam.Hand[Item[T]]
	lent seam.Lent[Item[T]]
	away bool    // it has said so, and is not back
	task task    // of a whole slab; used again
	all  load[T] // its items
	item load[T] // the one that is attempted
}

// newWorker returns a worker that has not begun.
func newWorker[T any](p *pool[T]) *worker[T] {
	w := &worker[T]{pool: p}
	w.init(&p.core, w, &w.hand.Span)
	return w
}

// step does the next piece of work. If user code ends the goroutine, everything
// has been put in order by then, and another goroutine calls step again.
func (w *worker[T]) step() bool {
	if (w.away || w.leads()) && !w.lead() || !w.stays() {
		return false
	}
	w.desk.name()
	if w.unfinished() {
		return w.run()
	}
	work, ok := w.pool.queue.Take(&w.hand, w.pool.atOnce())
	return ok && w.do(work)
}

// lead carries on what the worker has handed on. Others may borrow its hand
// meanwhile, where there are few workers, nothing is left in it and nothing depends on
// the order. It returns false when the worker has no slot any more, or the run is over.
func (w *worker[T]) lead() bool {
	p := w.pool
	if !w.away && w.root.guest && p.light && !p.step.Ordered && !w.unfinished() {
		w.away = true
		p.queue.Away(&w.hand)
	}
	w.root.drive()
	if w.root.lost && !p.takeBack(&w.seat) {
		return false
	}
	if !w.away {
		return true
	}
	w.away = false
	return p.queue.Back(&w.hand)
}

// do does a piece of work. It returns false when the run is over.
func (w *worker[T]) do(work seam.Work[*task]) bool {
	p := w.pool
	switch {
	case work.Old:
		p.tally.waiting.Add(-int64(work.Again.items.len()))
		p.do(&w.seat, work.Again)
		return true
	case work.Rest:
		return p.waits() || w.run()
	case p.step.Ordered && !work.Shared:
		w.hand.Shared = p.newTurn(w.hand.Ticket, w.hand.Size)
	}
	if p.wholly {
		w.all = w.hand.Items()
		w.task = task{items: &w.all, turn: w.shared()}
		p.do(&w.seat, &w.task)
		return true
	}
	if p.queue.Open(&w.hand, p.pace.cost(w.hand.Size) > carryTime) {
		p.run.warden.look()
	}
	return w.run()
}

func (w *worker[T]) current() *node {
	i, ok := w.hand.Now()
	if items := w.hand.Items(); ok && i < len(items) {
		return items[i].node
	}
	return nil
}

func (w *worker[T]) alone() things { return &load[T]{w.hand.Items()[w.at]} }

func (w *worker[T]) node(i int) *node { return w.hand.Items()[i].node }

func (w *worker[T]) reclaim() { w.pool.queue.Reclaim(&w.hand) }

func (w *worker[T]) withdraw() (away, lent bool) { return w.pool.queue.Withdraw(&w.hand) }

func (w *worker[T]) regain() bool { return w.pool.queue.Regain(&w.hand) }
