package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
)

// core is a pool, but for what depends on what it works on. Whatever is generic is
// compiled once more for every type in the chains of a program, at every build of
// it; so what need not be quick for each item belongs here.
type core struct {
	run     *Run
	number  int // among the pools of the run
	step    *Step
	body    body
	self    self
	belt    belt
	live    atomic.Int64
	pace    pace
	pending atomic.Int64 // items of an ordered sink that have to end before the next begins
	wholly  bool         // what is taken is attempted together, not item by item
	light   bool         // another worker may do its work
	orderly bool         // results leave in the order of the input
	outage  outage
	trouble trouble
	tally   tally

	mu      sync.Mutex
	workers map[*seat]struct{}
	turns   []*turn // that are over
	exits   []*exit // by which all have left
}

// self is what of a pool depends on what it works on.
type self interface {
	invoke(ctx context.Context, c *call, t things, into place) error
	endAll(t things, x *exit) // ends what has passed, together
	freeKey(t things, i int)  // lets others of the key of one begin
	work()                    // starts a worker
}

// belt is the queue of a pool; see seam.Queue.
type belt interface {
	Again(t *task)
	Await() bool
	Awaited() time.Duration
	Eager()
	Flush() int
	Hold(d time.Duration)
	Len() int
	Nudge() bool
	Pass(n int)
	Reopen(hold int)
	Rush()
	Shut(d time.Duration) (hold int)
	Stir()
}

// body is what a pool does.
type body struct {
	kind ergon.Kind // of the event of one attempt
	out  outlet     // nil: nothing is handed on
	// Each item ends with exactly one of these.
	passed   func(*node) // done, and handed on if there was something to hand on
	failed   func(*node, fault)
	dropped  func(*node)
	released func(*node)
	lost     func(*node)

	rule    func(err error) ruling    // nil: that of stages
	context func() context.Context    // nil: that of the work; what a batch is done with
	expired func() bool               // nil: when the work is over
	stage   bool                      // failures show what is in an item, and which it is of several
	late    bool                      // what succeeds after the end of the drain still counts
	budget  bool                      // the transaction's time counts
	gathers bool                      // what waits in front cannot join a batch further down
	splits  bool                      // hands on by itself, other things than one result for each item
	begun   func(*ergon.Event, *node) // says more of an attempt of one item, at its beginning
	done    func(*ergon.Event, *node) // and at its end
	final   bool                      // what leaves joins no batch further down

	destination ergon.Destination // where its calls go, for observers
}

// hire adds a worker if there may be one more.
func (p *core) hire() {
	for {
		n := p.live.Load()
		if n >= int64(p.step.Workers) {
			return
		}
		if p.live.CompareAndSwap(n, n+1) {
			p.self.work()
			return
		}
	}
}

// known enters a worker among those of the pool, or takes it out.
func (p *core) known(w *seat, is bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if is {
		p.workers[w] = struct{}{}
	} else {
		delete(p.workers, w)
	}
}

// replace lets another worker take the slot of one that is kept from its work, and
// what that has not begun. Where others have borrowed its hand, they have the slot.
func (p *core) replace(w *seat) {
	if away, lent := w.self.withdraw(); away {
		if !lent {
			p.vacate()
		}
		return
	}
	p.live.Add(-1)
	if p.step.Ordered || p.step.Keyed || p.wholly {
		p.belt.Stir()
		return
	}
	w.self.reclaim()
}

// vacate lets another worker take a slot.
func (p *core) vacate() {
	p.live.Add(-1)
	p.belt.Stir()
}

// takeBack gives a worker that was replaced a slot again, if there is one. What is
// left in its hand otherwise is begun by those who help.
func (p *core) takeBack(w *seat) bool {
	w.root.relieved()
	some := w.self.regain()
	for n := p.live.Load(); !some && n < int64(p.step.Workers); n = p.live.Load() {
		some = p.live.CompareAndSwap(n, n+1)
	}
	if some {
		w.root.lost = false
		p.run.warden.enter(&w.root)
	}
	p.known(w, some)
	if !some {
		w.root.leave()
	}
	return some
}

// rush lets everything that waits go, with one more worker, since all others may
// be stuck: nothing is attempted any more, only released. A pool that outlives
// the work goes on as before.
func (p *core) rush() {
	if !p.isExpired() {
		return
	}
	p.belt.Rush()
	p.self.work()
}

// nudge wakes somebody for what lies unbegun in the hand of a worker that is kept
// from it. It reports whether that may become necessary.
func (p *core) nudge() bool {
	again := p.unstick()
	return p.belt.Nudge() || again
}

// stuck returns the workers that are in user code.
func (p *core) stuck() []busy {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []busy
	for w := range p.workers {
		if b, ok := w.stuck(); ok {
			all = append(all, b)
		}
	}
	return all
}

// atOnce returns how many items a worker takes.
func (p *core) atOnce() int {
	switch l := p.run.lab; {
	case p.wholly:
		return max(p.step.Slab, 1)
	case l != nil && l.Slab != nil:
		return l.Slab()
	}
	return p.pace.size()
}

// clockFor returns the time where something depends on it.
func (p *core) clockFor() time.Time {
	if p.budgeted() {
		return time.Now()
	}
	return time.Time{}
}

// budgeted reports whether the time of a transaction counts, and there is one.
func (p *core) budgeted() bool { return p.body.budget && p.run.TransactionTimeout > 0 }

// waits reports whether nothing new may begin before what is to be tried again
// has ended: in an ordered sink.
func (p *core) waits() bool { return p.pending.Load() > 0 && !p.isExpired() }

func (p *core) isExpired() bool {
	if p.body.expired != nil {
		return p.body.expired()
	}
	return p.run.expired()
}
