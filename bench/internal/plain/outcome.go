package plain

import (
	"errors"
	"time"
)

// outcome is what became of a line: exactly one of the three.
type outcome struct {
	leased
	invoice  *invoice
	rejected *rejection
	again    time.Duration // it is given back, to come again after that
}

// invoice is a line of an invoice.
type invoice struct {
	line
	name   string // of the customer
	amount int64  // in pence
}

// rejection is why a line cannot become an invoice.
type rejection struct {
	reason, stage, detail string
}

// reject returns the outcome of a line that failed for good.
func reject(l leased, stage string, err error) outcome {
	return outcome{leased: l, rejected: &rejection{reason: reasonOf(err), stage: stage, detail: err.Error()}}
}

// reasonOf is what the shop calls an error.
func reasonOf(err error) string {
	for _, reason := range []error{errCancelled, errNoCustomer, errNoPrice, errNoQuantity, errTooMuch, errUnreadable, errUnknownCustomer} {
		if errors.Is(err, reason) {
			return reason.Error()
		}
	}
	return "other"
}
