package engine

import (
	"context"
	"iter"

	"github.com/ergon-go/ergon"
)

// destinationOf returns what a source or sink says of where it is. One that panics
// does not know.
func destinationOf(part any) (d ergon.Destination) {
	a, ok := part.(ergon.Addressed)
	if !ok {
		return d
	}
	protected(func() error { d = a.Destination(); return nil }, func(error) {})
	return d
}

// idTold returns the id of a node for observers, made once where it can be.
func (n *node) idTold() string {
	if n.life != nil && n.life.id != "" {
		return n.life.id
	}
	return n.id()
}

// contextsOf returns the contexts of the transactions that items came of, as the
// observers have left them.
func contextsOf(t things) iter.Seq[context.Context] {
	return func(yield func(context.Context) bool) {
		for i := range t.len() {
			if !t.node(i).contexts(yield) {
				return
			}
		}
	}
}

// contexts yields the contexts of the transactions that have become the node.
func (n *node) contexts(yield func(context.Context) bool) bool {
	if g, is := n.owner.(*group); is {
		for _, m := range g.members {
			if !m.contexts(yield) {
				return false
			}
		}
		return true
	}
	return n.life == nil || yield(n.life.ctx)
}
