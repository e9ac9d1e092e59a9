package engine

import (
	"context"

	"github.com/ergon-go/ergon"
)

// Sink returns the port of a sink: of up to Batch items at once. What has been
// handed over to it is beyond the budget of its transaction.
func Sink[T any](r *Run, s *Step, sink ergon.Sink[T]) Port[T] {
	b := stageBody(r, s, nil)
	leave := func(n *node) { n.end() } // it has not been moving since it was put
	b.kind, b.budget, b.gathers, b.final, b.late = ergon.KindDispatch, false, true, true, true
	b.destination = destinationOf(sink)
	b.passed = func(n *node) { n.mark(stored); leave(n) }
	b.failed = func(n *node, f fault) { n.fail(f); leave(n) }
	b.dropped, b.lost = leave, leave
	b.released = func(n *node) { n.mark(released); leave(n) }
	c := calls[T]{leaveAll: func(items []Item[T], x *exit) {
		for i := range items {
			items[i].node.passed(x)
		}
	}}
	c.attempt = func(ctx context.Context, c *call, items []Item[T], _ place) error {
		return sink.Dispatch(ctx, transactions(c, items))
	}
	return newPool(r, s, b, c)
}

// transactions returns those of a call, in room that is used again.
func transactions[T any](c *call, items []Item[T]) []ergon.Transaction[T] {
	txs := roomFor[ergon.Transaction[T]](c, len(items))[:0]
	for i := range items {
		item := &items[i]
		txs = ergon.AppendWith(txs, headOf(item), &item.payload)
	}
	return txs
}

// roomFor returns room for n values of what a body makes of the items of a call,
// which its worker keeps for the next.
func roomFor[V any](c *call, n int) []V {
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
