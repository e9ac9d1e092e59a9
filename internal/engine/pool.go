package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/seam"
)

// pool is a bounded number of slots that call one function: a stage, a sink, a
// handler. What differs between them is in its body.
type pool[T, R any] struct {
	run     *Run
	step    *Step
	body    body[T, R]
	queue   *seam.Queue[T, *task[T, R]]
	line    *seam.Line[R] // not nil: results leave in the order of the input
	live    atomic.Int64
	pace    pace
	pending atomic.Int64 // items of an ordered sink that have to end before the next begins
	wholly  bool         // what is taken is attempted together, not item by item
	light   bool         // another worker may do its work
	outage  outage
	trouble trouble

	mu      sync.Mutex
	workers map[*worker[T, R]]struct{}
	turns   []*turn[R] // that are over
	exits   []*exit    // by which all have left
}

// body is what a pool does.
type body[T, R any] struct {
	kind ergon.Kind // of the event of one attempt
	// attempt does it once, for all items. Where it succeeds for an item it sets
	// the result of the same index. It returns nil, ItemErrors, or what all of them failed with.
	attempt func(ctx context.Context, c *call[T, R], results []R) error
	// one is attempt for what is always done for one item by itself; it stands for it.
	one     func(ctx context.Context, c *call[T, R], item *T, result *R) error
	node    func(T) *node
	forward func([]R)          // hands results on; nil: nothing is handed on
	carried func([]R, carrier) // not nil: forward, by a worker that may carry them on itself
	// Each item ends with exactly one of these.
	passed   func(T)          // done, and handed on if there was something to hand on
	leave    func([]T, *exit) // not nil: passed, for many
	failed   func(T, fault)
	dropped  func(T)
	released func(T)
	lost     func(T)

	value   func(T) any // what a failure shows of it; nil: nothing
	item    func(T) int
	key     func(T) string
	rule    func(err error) ruling // nil: that of stages
	context func() context.Context // nil: that of the work; what a batch is done with
	expired func() bool            // nil: when the work is over
	late    bool                   // what succeeds after the end of the drain still counts
	budget  bool                   // the transaction's time counts
	gathers bool                   // what waits in front cannot join a batch further down
	splits  bool                   // hands on by itself, other things than one result for each item
	begun   func(*ergon.Event, T)  // says more of an attempt of one item, at its beginning
	done    func(*ergon.Event, T)  // and at its end
	final   bool                   // what leaves joins no batch further down
}

// newPool returns a pool without workers; they come with the first item.
func newPool[T, R any](r *Run, s *Step, b body[T, R]) *pool[T, R] {
	b.gathers = b.final || b.gathers && s.Batch > 1 // a batch of one waits for nobody
	p := &pool[T, R]{run: r, step: s, body: b, workers: map[*worker[T, R]]struct{}{}}
	p.wholly = s.Batch > 1 || s.Slab > 1 || b.splits || s.Settings.Limiter != nil
	p.light = !s.Keyed && !b.splits && s.Settings.Limiter == nil
	if one := b.one; one != nil {
		p.body.attempt = func(ctx context.Context, c *call[T, R], results []R) error {
			return one(ctx, c, &c.items[0], &results[0])
		}
	}
	if r.lab != nil && r.lab.Around != nil {
		p.meddle()
	}
	c := seam.Config[T]{
		Over: r.over, Bound: max(s.Buffer, 2*s.Batch), Slab: max(s.Slab, s.Batch), Batch: s.Batch, Within: s.Within,
		Help: !p.wholly && !s.Keyed, Idle: p.hire, After: r.clock.after, Park: r.InFlight,
	}
	if s.Keyed && b.key != nil {
		c.Key = b.key
	}
	if s.Ordered {
		c.Window = s.Workers + s.Buffer
		if b.forward == nil {
			c.Window = 1
		}
	}
	if b.gathers && !b.final {
		c.Ready = func(n int) { r.move(int64(n)) }
	}
	p.queue = seam.New[T, *task[T, R]](c)
	if s.Ordered && b.forward != nil {
		p.line = seam.NewLine(b.forward, p.queue.Pass)
	}
	r.pools = append(r.pools, p)
	if b.gathers && s.Batch > 1 {
		r.gatherers = append(r.gatherers, p)
	}
	return p
}

// put hands items to the pool, waiting for room.
func (p *pool[T, R]) put(slab []T) {
	if p.queue.Put(slab) && p.body.gathers {
		p.run.move(-int64(len(slab)))
	}
}

// offer hands an item to the pool if there is room.
func (p *pool[T, R]) offer(v T) bool {
	if !p.queue.Offer(v) {
		return false
	}
	if p.body.gathers {
		p.run.move(-1)
	}
	return true
}

// hire adds a worker if there may be one more.
func (p *pool[T, R]) hire() {
	for {
		n := p.live.Load()
		if n >= int64(p.step.Workers) {
			return
		}
		if p.live.CompareAndSwap(n, n+1) {
			p.work()
			return
		}
	}
}

// work starts a worker, which lives as long as the run.
func (p *pool[T, R]) work() {
	w := newWorker(p)
	p.known(w, true)
	p.run.scope.loop(p.step.Name, w.step)
}

// replace lets another worker take the slot of one that is kept from its work, and
// what that has not begun.
func (p *pool[T, R]) replace(w *worker[T, R]) {
	p.live.Add(-1)
	if p.step.Ordered || p.step.Keyed || p.wholly {
		p.queue.Stir()
		return
	}
	p.queue.Reclaim(&w.hand)
}

// known enters a worker among those of the pool, or takes it out.
func (p *pool[T, R]) known(w *worker[T, R], is bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if is {
		p.workers[w] = struct{}{}
	} else {
		delete(p.workers, w)
	}
}

// takeBack gives a worker that was replaced a slot again, if there is one. What is
// left in its hand otherwise is begun by those who help.
func (p *pool[T, R]) takeBack(w *worker[T, R]) bool {
	for n := p.live.Load(); n < int64(p.step.Workers); n = p.live.Load() {
		if p.live.CompareAndSwap(n, n+1) {
			w.root.lost = false
			p.run.warden.enter(&w.root)
			p.known(w, true)
			return true
		}
	}
	p.known(w, false)
	return false
}

// rush lets everything that waits go, with one more worker, since all others may
// be stuck: nothing is attempted any more, only released. A pool that outlives
// the work goes on as before.
func (p *pool[T, R]) rush() {
	if !p.isExpired() {
		return
	}
	p.queue.Rush()
	p.work()
}

// nudge wakes somebody for what lies unbegun in the hand of a worker that is kept
// from it. It reports whether that may become necessary.
func (p *pool[T, R]) nudge() bool {
	again := p.unstick()
	return p.queue.Nudge() || again
}

func (p *pool[T, R]) width() int          { return p.step.Workers }
func (p *pool[T, R]) eager()              { p.queue.Eager() }
func (p *pool[T, R]) flush() int          { return p.queue.Flush() }
func (p *pool[T, R]) index() int          { return p.step.Index }
func (p *pool[T, R]) last() bool          { return p.body.final }
func (p *pool[T, R]) inTrouble() *Trouble { return p.trouble.now.Load() }

// atOnce returns how many items a worker takes.
func (p *pool[T, R]) atOnce() int {
	switch l := p.run.lab; {
	case p.wholly:
		return max(p.step.Slab, 1)
	case l != nil && l.Slab != nil:
		return l.Slab()
	}
	return p.pace.size()
}

// clockFor returns the time where something depends on it.
func (p *pool[T, R]) clockFor() time.Time {
	if p.budgeted() {
		return time.Now()
	}
	return time.Time{}
}

// budgeted reports whether the time of a transaction counts, and there is one.
func (p *pool[T, R]) budgeted() bool { return p.body.budget && p.run.TransactionTimeout > 0 }

// waits reports whether nothing new may begin before what is to be tried again
// has ended: in an ordered sink.
func (p *pool[T, R]) waits() bool { return p.pending.Load() > 0 && !p.isExpired() }
