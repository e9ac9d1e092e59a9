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

// headOf returns the id, the metadata and the deliveries of an item, never to be
// written to. Items have no methods: those of what is generic are compiled for every
// type there is, whether they are called or not.
func headOf[T any](i *Item[T]) *head {
	if i.own != nil {
		return &i.own.head
	}
	return i.node.head
}

// txOf returns the transaction as it is by now.
func txOf[T any](i *Item[T]) ergon.Transaction[T] { return headOf(i).With(i.payload) }

// ownOf returns what an item has of its own, or would have.
func ownOf[T any](i *Item[T]) own {
	if i.own != nil {
		return *i.own
	}
	return own{head: *headOf(i)}
}

// become returns what an item has become with another payload.
func become[T, U any](i Item[T], payload U) Item[U] {
	return Item[U]{payload: payload, node: i.node, own: i.own}
}

// keyOf returns the key of an item below KeyBy.
func keyOf[T any](i Item[T]) string {
	if i.own == nil {
		return ""
	}
	return i.own.key
}

// Port is where a stage hands its items on.
type Port[T any] interface {
	// put hands items over, waiting for room as long as it takes.
	put(slab []Item[T])
	// pass is put by who may carry the items on itself; see pool.
	pass(slab []Item[T], own *[]Item[T], by carrier)
	// offer hands one item over only if that needs no waiting, and says whether it did.
	offer(i Item[T]) bool
}
