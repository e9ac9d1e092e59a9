package source

import (
	"encoding/csv"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
)

// csvFault is what is wrong with a record. The zero value is nothing.
type csvFault struct {
	err         error // as package csv names it, or ErrTooLong
	row, column int   // where: lines below the first, and bytes from 1
	has, wants  int   // fields
}

// unclosed is the fault of a record in which a quote is still open where its
// greatest length, or the text, is at its end.
func unclosed(long, ended bool) error {
	switch {
	case long:
		return fmt.Errorf("%w, or %w", ErrTooLong, csv.ErrQuote)
	case ended:
		return csv.ErrQuote
	}
	return nil
}

// at returns the fault of a record that begins on a line, as an error.
func (f csvFault) at(line int) error {
	switch {
	case f.err == nil:
		return nil
	case errors.Is(f.err, ErrTooLong):
		return ergon.Business(fmt.Errorf("%w: record on line %d", f.err, line))
	}
	err := fmt.Errorf("source: %w", &csv.ParseError{StartLine: line, Line: line + f.row, Column: f.column, Err: f.err})
	if f.wants > 0 {
		err = fmt.Errorf("%w: %d instead of %d", err, f.has, f.wants)
	}
	return ergon.Business(err)
}
