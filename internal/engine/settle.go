package engine

import (
	"context"
	"sync"

	"github.com/ergon-go/ergon"
)

// newSettle returns the pool that tells the source what became of its
// transactions: one call at a time, with all that is ready. It holds as many as
// can be in flight, so putting something there never blocks.
func newSettle[In any](p *Pipe[In], s *Step) *pool[*origin[In], struct{}] {
	r := p.run
	b := originBody[In, struct{}](ergon.KindSettle)
	b.context = func() context.Context { return r.settling }
	b.expired = func() bool { return r.settling.Err() != nil }
	b.late = true
	b.rule = ruleSettle
	b.passed = func(o *origin[In]) { o.account(o.row, o.why()) }
	b.leave = func(origins []*origin[In], x *exit) { accountAll(r, origins, x) }
	b.released = func(o *origin[In]) { o.account(unsettled, context.Cause(r.settling)) }
	b.failed = func(o *origin[In], f fault) { r.leftThere.Add(1); r.unsettled.add(f.err); o.account(unsettled, f.err) }
	b.attempt = func(ctx context.Context, c *call[*origin[In], struct{}], _ []struct{}) error {
		return p.settler.Settle(ctx, settlements(c))
	}
	return newPool(r, s, b)
}

// settlements returns those of a call, in room that is used again.
func settlements[In any](c *call[*origin[In], struct{}]) []ergon.Settlement[In] {
	room := roomFor[ergon.Settlement[In]](c, len(c.items))
	for i, o := range c.items {
		s := &room[i]
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
