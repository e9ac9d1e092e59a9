package engine

import "github.com/ergon-go/ergon"

// Item is what travels between stages: what a transaction carries by now, and the
// account of the fetched transaction that it came of. It is small, because it is
// copied from hand to hand.
type Item[T any] struct {
	payload T
	node    *node
	own     *own // nil: all but the payload is as it was fetched
}

// own is what an item does not share with the transaction it came of. It is never
// written to.
type own struct {
	head    head
	key     string // below KeyBy
	ordinal int    // which of the children it is, where there are several
}

// head is a transaction without what it carries.
type head = ergon.Transaction[struct{}]

// head returns the id, the metadata and the deliveries of an item, never to be
// written to.
func (i *Item[T]) head() *head {
	if i.own != nil {
		return &i.own.head
	}
	return i.node.head
}

// tx returns the transaction as it is by now.
func (i *Item[T]) tx() ergon.Transaction[T] { return i.head().With(i.payload) }

// name returns the id of an item: the transaction's, or that of a child of it.
func (i Item[T]) name() string { return i.head().ID() }

// owned returns what an item has of its own, or would have.
func (i Item[T]) owned() own {
	if i.own != nil {
		return *i.own
	}
	return own{head: *i.head()}
}

// become returns what an item has become with another payload.
func become[T, U any](i Item[T], payload U) Item[U] {
	return Item[U]{payload: payload, node: i.node, own: i.own}
}

func nodeOf[T any](i Item[T]) *node  { return i.node }
func payloadOf[T any](i Item[T]) any { return i.payload }

func keyOf[T any](i Item[T]) string {
	if i.own == nil {
		return ""
	}
	return i.own.key
}

func ordinalOf[T any](i Item[T]) int {
	if i.own == nil {
		return 0
	}
	return i.own.ordinal
}

// Port is where a stage hands its items on.
type Port[T any] interface {
	// put hands items over, waiting for room as long as it takes.
	put(slab []Item[T])
	// pass is put by a worker that may carry the items on itself.
	pass(slab []Item[T], by carrier)
	// offer hands one item over only if that needs no waiting, and says whether it did.
	offer(i Item[T]) bool
}
