package engine

import (
	"context"

	"github.com/ergon-go/ergon/internal/seam"
)

// pool is a bounded number of slots that call one function: a stage, a sink, a
// handler. What differs between them is in its body, and in its calls.
type pool[T any] struct {
	core
	calls[T]
	queue *seam.Queue[Item[T], *task]
}

// calls is what a pool calls for its items.
type calls[T any] struct {
	// attempt does it once, for all items. Where it succeeds for an item it sets the
	// result of the same index. It returns nil, ItemErrors, or what all of them
	// failed with.
	attempt func(ctx context.Context, c *call, items []Item[T], into place) error
	// one is attempt for what is always done for one item by itself; it stands for it.
	one      func(ctx context.Context, c *call, item *Item[T], into place) error
	leaveAll func([]Item[T], *exit) // not nil: passed, for many
}

// newPool returns a pool without workers; they come with the first item.
func newPool[T any](r *Run, s *Step, b body, c calls[T]) *pool[T] {
	b.gathers = b.final || b.gathers && s.Batch > 1 // a batch of one waits for nobody
	p := &pool[T]{core: core{run: r, number: len(r.pools), step: s, body: b, workers: map[*seat]struct{}{}}, calls: c}
	p.self = p
	p.wholly = s.Batch > 1 || s.Slab > 1 || b.splits || s.Settings.Limiter != nil
	p.light = !s.Keyed && !b.splits && s.Settings.Limiter == nil
	if one := c.one; one != nil {
		p.attempt = func(ctx context.Context, c *call, items []Item[T], into place) error {
			return one(ctx, c, &items[0], into)
		}
	}
	if r.lab != nil && r.lab.Around != nil {
		p.meddle()
	}
	q := seam.Config[Item[T]]{
		Over: r.over, Bound: max(s.Buffer, 2*s.Batch), Slab: max(s.Slab, s.Batch), Batch: s.Batch, Within: s.Within,
		Help: !p.wholly && !s.Keyed, Idle: p.hire, After: r.clock.after, Park: r.InFlight,
	}
	if s.Keyed && b.stage {
		q.Key = keyOf[T]
	}
	if s.Ordered {
		q.Window = s.Workers + s.Buffer
		if b.out == nil {
			q.Window = 1
		}
	}
	if b.gathers && !b.final {
		q.Ready = func(n int) { r.move(int64(n)) }
	}
	p.queue = seam.New[Item[T], *task](q)
	p.belt = p.queue
	if p.orderly = s.Ordered && b.out != nil; p.orderly {
		b.out.order(p.queue.Pass)
	}
	r.pools = append(r.pools, &p.core)
	if b.gathers && s.Batch > 1 {
		r.gatherers = append(r.gatherers, &p.core)
	}
	return p
}

func (p *pool[T]) width() int { return p.step.Workers }

// put hands items to the pool, waiting for room.
func (p *pool[T]) put(slab []Item[T]) {
	if p.queue.Put(slab) && p.body.gathers {
		p.run.move(-int64(len(slab)))
	}
}

// offer hands an item to the pool if there is room.
func (p *pool[T]) offer(v Item[T]) bool {
	if !p.queue.Offer(v) {
		return false
	}
	if p.body.gathers {
		p.run.move(-1)
	}
	return true
}

// work starts a worker, which lives as long as the run.
func (p *pool[T]) work() {
	w := newWorker(p)
	p.known(&w.seat, true)
	p.run.warden.enter(&w.root)
	p.run.scope.loop(p.step.Name, w.step)
}

func (p *pool[T]) invoke(ctx context.Context, c *call, t things, into place) error {
	return p.attempt(ctx, c, *t.(*load[T]), into)
}

func (p *pool[T]) endAll(t things, x *exit) { p.end(*t.(*load[T]), x) }

func (p *pool[T]) freeKey(t things, i int) { p.queue.Done((*t.(*load[T]))[i]) }

// end ends items that have passed, together.
func (p *pool[T]) end(items []Item[T], x *exit) {
	if p.leaveAll != nil {
		p.leaveAll(items, x)
		return
	}
	for i := range items {
		p.body.passed(items[i].node)
	}
}
