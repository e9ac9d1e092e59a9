package main

import (
	"errors"

	"github.com/ergon-go/ergon"
)

// rejection is a line that cannot become an invoice: a row of the table rejected.
type rejection struct {
	Line   int    `db:"line"`
	Reason string `db:"reason"`
	Stage  string `db:"stage"`
	Detail string `db:"detail"`
	Text   []byte `db:"text"` // as it stood in the export, in whatever encoding
}

// errOther is the reason where no other is known.
var errOther = errors.New("other")

// rejectionOf is what is kept of a line that failed for good.
func rejectionOf(f ergon.Failure[ergon.Record]) rejection {
	record := f.Transaction.Payload()
	return rejection{
		Line: record.Line, Reason: reasonOf(f.Err).Error(), Stage: f.Stage,
		Detail: ergon.CutText(f.Err.Error()), Text: []byte(record.Raw),
	}
}

// reasonOf is what the shop calls an error.
func reasonOf(err error) error {
	for _, reason := range []error{errCancelled, errNoCustomer, errNoPrice, errNoQuantity, errTooMuch, errUnreadable, errUnknownCustomer} {
		if errors.Is(err, reason) {
			return reason
		}
	}
	return errOther
}
