package sink

import (
	"errors"

	"github.com/ergon-go/ergon"
)

// kind is what tells one kind of file from another.
type kind[T any] struct {
	name   string // of the constructor
	layout layout
	fixed  []string // the names of the fields of every record; nil: none, or each record has its own
	encode func(dst []byte, payload T) ([]byte, error)
	names  func(payload T) []string // nil where records have no names of their own
}

// batch is the records of one Dispatch as they will stand in the file.
type batch struct {
	text    []byte
	heading heading // of the file once they do
	errs    ergon.ItemErrors
}

// encodeAll returns the records of the transactions for a file that is headed in
// some way. It calls code of users, so it must be called without a lock.
func (k kind[T]) encodeAll(txs []ergon.Transaction[T], now heading) batch {
	b := batch{heading: now}
	for i, tx := range txs {
		b.errs = noted(b.errs, i, len(txs), ergon.Business(k.add(&b, tx.Payload())))
	}
	return b
}

// add appends one record, or leaves the batch as it is.
func (k kind[T]) add(b *batch, payload T) error {
	text, err := k.encoded(b.text, payload)
	if err != nil {
		return err
	}
	var names []string
	if k.names != nil {
		names = k.names(payload)
	}
	if !b.heading.admits(names) {
		return errForeignFields
	}
	b.heading, b.text = b.heading.withRecord(names), text
	return nil
}

// encoded returns dst with the record of a payload. A panic of its encoder would
// come again with every attempt, so it is a fault of the data as well.
func (k kind[T]) encoded(dst []byte, payload T) (text []byte, err error) {
	err = guarded(func() error {
		text, err = k.encode(dst, payload)
		return err
	})
	if panicked, ok := errors.AsType[*ergon.PanicError](err); ok {
		return dst, &unwritable{why: "its encoder panicked", err: panicked}
	}
	return text, err
}

// failed returns the error of a batch of n that could not be written: the
// records that are at fault themselves keep their own.
func (b batch) failed(n int, err error) error {
	if b.errs == nil {
		return err
	}
	all := make(ergon.ItemErrors, n)
	for i, own := range b.errs {
		if all[i] = own; own == nil {
			all[i] = err
		}
	}
	return all
}
