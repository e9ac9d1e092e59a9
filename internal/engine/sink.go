package engine

import (
	"context"

	"github.com/ergon-go/ergon"
)

// Sink returns the port of a sink: of up to Batch items at once. What has been
// handed over to it is beyond the budget of its transaction.
func Sink[T any](r *Run, s *Step, sink ergon.Sink[T]) Port[T] {
	b := stageBody[T, struct{}](r, s)
	leave := func(i Item[T]) { i.node.end() } // it has not been moving since it was put
	b.kind, b.budget, b.gathers, b.final, b.late = ergon.KindDispatch, false, true, true, true
	b.passed = func(i Item[T]) { i.node.mark(stored); leave(i) }
	b.failed = func(i Item[T], f fault) { i.node.fail(f); leave(i) }
	b.leave = func(items []Item[T], x *exit) {
		for i := range items {
			items[i].node.passed(x)
		}
	}
	b.dropped, b.lost = leave, leave
	b.released = func(i Item[T]) { i.node.mark(released); leave(i) }
	b.attempt = func(ctx context.Context, c *call[Item[T], struct{}], _ []struct{}) error {
		return sink.Dispatch(ctx, transactions(c))
	}
	return newPool(r, s, b)
}

// transactions returns those of a call, in room that is used again.
func transactions[T any](c *call[Item[T], struct{}]) []ergon.Transaction[T] {
	txs := roomFor[ergon.Transaction[T]](c, len(c.items))[:0]
	for i := range c.items {
		item := &c.items[i]
		txs = ergon.AppendWith(txs, item.head(), &item.payload)
	}
	return txs
}

// roomFor returns room for n values of what a body makes of the items of a call,
// which its worker keeps for the next.
func roomFor[V, T, R any](c *call[T, R], n int) []V {
	room, _ := c.room.(*[]V)
	if room == nil {
		room = new([]V)
		c.room = room
	}
	if cap(*room) < n {
		*room = make([]V, n)
	}
	return (*room)[:n]
}
