package ergon

import (
	"fmt"
	"log/slog"
	"strconv"
)

// Transaction is an immutable value: an id, a payload and metadata. It is the
// atomic unit of ergon: whatever the outside world treats as one thing is one
// Transaction, and the framework never splits or merges one on its own.
//
// Every method that seems to change a Transaction returns another one. The
// payload itself is shared, not copied: a function that is given a slice, a map
// or a pointer must not write to it, or a retry would see what it wrote. Safe
// for concurrent use. The zero value has an empty id and is valid.
//
// A Transaction never shows its payload, metadata or receipt when it is
// printed, logged or marshalled; only its id. Two things are beyond it: %p, which
// go vet refuses, and printing a struct that holds it in an unexported field, as
// package fmt calls no methods on either.
type Transaction[T any] struct {
	id         identity
	payload    T
	metadata   Metadata
	receipt    any
	deliveries int
}

// NewTransaction returns a Transaction with a payload and an id that its source
// vouches for: the same thing fetched again must have the same id, because
// sinks recognise duplicates by it. An empty id asks the pipeline to make one up
// when it fetches the transaction.
func NewTransaction[T any](id string, payload T) Transaction[T] {
	return Transaction[T]{id: identity{base: id}, payload: payload}
}

// Numbered returns a Transaction whose id is "source:position", as sources with
// a position make theirs: a file's name and the number of the record, a topic
// and an offset. The id costs nothing until somebody reads it.
func Numbered[T any](source string, position int64, payload T) Transaction[T] {
	return Transaction[T]{id: identity{base: source, number: position, separator: ':'}, payload: payload}
}

// ID returns the id.
func (t Transaction[T]) ID() string { return t.id.String() }

// HasID reports whether the id is not empty, without putting it together.
func (t Transaction[T]) HasID() bool { return t.id.base != "" || t.id.separator != 0 }

// Payload returns the payload.
func (t Transaction[T]) Payload() T { return t.payload }

// Metadata returns the metadata.
func (t Transaction[T]) Metadata() Metadata { return t.metadata }

// Deliveries returns how often the source has handed out this transaction, this
// time included, or 0 where the source does not count.
func (t Transaction[T]) Deliveries() int { return t.deliveries }

// Receipt returns what the source wants back when it is told the verdict. Only
// the source knows what is in it.
func (t Transaction[T]) Receipt() any { return t.receipt }

// With returns a Transaction of the same id, metadata and delivery count with
// another payload, which may be of another type. The receipt stays behind: it
// belongs to the fetched transaction alone.
func (t Transaction[T]) With[U any](payload U) Transaction[U] {
	return Transaction[U]{id: t.id, payload: payload, metadata: t.metadata, deliveries: t.deliveries}
}

// WithMeta returns the Transaction with one more metadata value. An int is kept
// as an int64; a []byte is copied.
func (t Transaction[T]) WithMeta[V Value](key string, value V) Transaction[T] {
	t.metadata = t.metadata.With(key, value)
	return t
}

// WithMetadata returns the Transaction with m instead of its metadata.
func (t Transaction[T]) WithMetadata(m Metadata) Transaction[T] {
	t.metadata = m
	return t
}

// WithReceipt returns the Transaction with a receipt. It is for sources.
func (t Transaction[T]) WithReceipt(receipt any) Transaction[T] {
	t.receipt = receipt
	return t
}

// WithDeliveries returns the Transaction with a delivery count. It is for
// sources that count how often they hand a transaction out; below 1 means that
// they do not.
func (t Transaction[T]) WithDeliveries(n int) Transaction[T] {
	t.deliveries = max(n, 0)
	return t
}

// WithID returns the Transaction with another id. It is for connectors that
// pass transactions on; inside a pipeline an id never changes.
func (t Transaction[T]) WithID(id string) Transaction[T] {
	t.id = identity{base: id}
	return t
}

// Child returns a Transaction that came of this one: its id is "id/ordinal", and
// it keeps metadata and delivery count.
func (t Transaction[T]) Child[U any](ordinal int, payload U) Transaction[U] {
	child := t.With(payload)
	child.id = identity{base: t.ID(), number: int64(ordinal), separator: '/'}
	return child
}

// Format writes the id, quoted, whatever the verb: payloads do not belong in
// messages.
func (t Transaction[T]) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "transaction %q", cut(t.ID(), longestPrintedID))
}

// LogValue logs the id alone. What cannot be seen in it is escaped as in Go: a
// handler that writes JSON leaves marks that turn text around as they are.
func (t Transaction[T]) LogValue() slog.Value { return slog.StringValue(t.shownID()) }

// MarshalText returns the id alone, as LogValue logs it.
func (t Transaction[T]) MarshalText() ([]byte, error) { return []byte(t.shownID()), nil }

// shownID returns the id as it may stand in a line of text.
func (t Transaction[T]) shownID() string { return escaped(cut(t.ID(), longestPrintedID)) }

// longestPrintedID bounds, in bytes, what a hostile id can put into one line.
const longestPrintedID = 256

// identity is an id that is put together when it is read, so that a transaction
// nobody asks for its id pays for no string.
type identity struct {
	base      string
	number    int64
	separator byte // 0: the id is the base alone
}

func (i identity) String() string {
	if i.separator == 0 {
		return i.base
	}
	b := make([]byte, 0, len(i.base)+21)
	b = append(b, i.base...)
	b = append(b, i.separator)
	return string(strconv.AppendInt(b, i.number, 10))
}
