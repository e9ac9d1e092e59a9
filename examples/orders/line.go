package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/stage"
)

// line is an order line as the shop exports it.
type line struct {
	Number      int       `csv:"-"` // where it stands in the export, from 1
	Invoice     string    `csv:"InvoiceNo"`
	Stock       string    `csv:"StockCode"`
	Description string    `csv:"Description,optional"`
	Quantity    int64     `csv:"Quantity"`
	Date        time.Time `csv:"InvoiceDate" layout:"1/2/06 15:04"`
	Price       pence     `csv:"UnitPrice"` // of one
	Customer    string    `csv:"CustomerID"`
}

// columns are those an export must have.
var columns = [...]string{"InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"} //nolint:gochecknoglobals // Go has no constant arrays

// errUnreadable is the reason for lines that are none.
var errUnreadable = errors.New("unreadable")

// parse reads the record of a line.
func parse(ctx context.Context, r ergon.Record) (line, error) {
	l, err := stage.Into[line](ctx, r)
	if err != nil {
		return line{}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	l.Number = r.Line
	return l, nil
}

// validate passes on what breaks no rule.
func validate(_ context.Context, l line) (line, error) { return l, check(l) }

// final says that a rule is a fault of the data: the same line breaks it again.
func final(error) ergon.Category { return ergon.CategoryBusiness }
