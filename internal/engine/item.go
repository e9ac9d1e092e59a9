package engine

import "github.com/ergon-go/ergon"

// Item is what travels between stages: a transaction as it is by now, and the
// account of the fetched transaction that it came of.
type Item[T any] struct {
	tx      ergon.Transaction[T]
	node    *node
	key     string // below KeyBy
	ordinal int    // which of the children it is, where there are several
}

// name returns the id of an item: the transaction's, or that of a child of it.
func (i Item[T]) name() string { return i.tx.ID() }

// become returns what an item has become with another payload.
func become[T, U any](i Item[T], payload U) Item[U] {
	return Item[U]{tx: i.tx.With(payload), node: i.node, key: i.key, ordinal: i.ordinal}
}

func keyOf[T any](i Item[T]) string  { return i.key }
func nodeOf[T any](i Item[T]) *node  { return i.node }
func payloadOf[T any](i Item[T]) any { return i.tx.Payload() }
func ordinalOf[T any](i Item[T]) int { return i.ordinal }

// Port is where a stage hands its items on.
type Port[T any] interface {
	// put hands items over, waiting for room as long as it takes.
	put(slab []Item[T])
	// offer hands one item over only if that needs no waiting, and says whether it did.
	offer(i Item[T]) bool
}
