package engine

import (
	"context"
	"sync"

	"github.com/ergon-go/ergon"
)

// newSettle returns the pool that tells the source what became of its
// transactions: one call at a time, with all that is ready. It holds as many as
// can be in flight, so putting something there never blocks.
func newSettle[In any](p *Pipe[In], s *Step) *pool[*origin[In]] {
	r := p.run
	b := originBody[In](ergon.KindSettle)
	b.context = func() context.Context { return r.settling }
	b.expired = func() bool { return r.settling.Err() != nil }
	b.late = true
	b.destination = r.from
	b.rule = ruleSettle
	b.passed = func(n *node) { o := originOf[In](n); o.account(o.row, o.why()) }
	b.released = func(n *node) { originOf[In](n).account(unsettled, context.Cause(r.settling)) }
	b.failed = func(n *node, f fault) {
		r.leftThere.Add(1)
		r.unsettled.add(f.err)
		originOf[In](n).account(unsettled, f.err)
	}
	c := calls[*origin[In]]{leaveAll: func(origins []Item[*origin[In]], x *exit) { accountAll(r, origins, x) }}
	c.attempt = func(ctx context.Context, c *call, origins []Item[*origin[In]], _ place) error {
		return p.settler.Settle(ctx, settlements(c, origins))
	}
	return newPool(r, s, b, c)
}

// settlements returns those of a call, in room that is used again.
func settlements[In any](c *call, origins []Item[*origin[In]]) []ergon.Settlement[In] {
	room := roomFor[ergon.Settlement[In]](c, len(origins))
	for i := range origins {
		s, o := &room[i], origins[i].payload
		s.Transaction, s.Verdict, s.Delay, s.Cause = *o.tx, o.verdict, 0, nil
		if o.fate != nil {
			s.Delay, s.Cause = o.delay, o.cause
		}
	}
	return room
}

// ruleSettle is what an error of Settle means: try again, unless it says that
// this is no use. A settlement that is to wait is tried again, within the time
// there is.
func ruleSettle(err error) ruling {
	r := ruleStage(err)
	if r.act == actDrop || r.act == actFatal || r.act == actHold {
		r.act = actRetry
	}
	return r
}

// firstError keeps the first of many errors.
type firstError struct {
	mu    sync.Mutex
	first error
}

func (f *firstError) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.first == nil {
		f.first = err
	}
}

func (f *firstError) err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.first
}
