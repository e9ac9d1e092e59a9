package plain

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"
)

// columns are those of the export that the job reads.
var columns = [...]string{"InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"} //nolint:gochecknoglobals // Go has no constant arrays

// record is a line of the export as it stands there.
type record struct {
	id     string
	line   int
	raw    string
	fault  string // why it could not be read, or nothing
	fields [len(columns)]string
}

// export reads a file of order lines.
type export struct {
	name     string // begins the ids, and stands for the contents
	contents []byte
	reader   *csv.Reader
	at       [len(columns)]int // where the columns stand
	count    int
	err      error
}

func openExport(path string) (*export, error) {
	contents, err := os.ReadFile(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(contents)
	e := &export{name: "orders-" + hex.EncodeToString(digest[:8]), contents: bytes.TrimPrefix(contents, []byte("\ufeff"))}
	e.reader = csv.NewReader(bytes.NewReader(e.contents))
	e.reader.ReuseRecord = true
	return e, e.heading()
}

// heading finds the columns.
func (e *export) heading() error {
	names, err := e.reader.Read()
	if err != nil {
		return fmt.Errorf("has no heading: %w", err)
	}
	for i, column := range columns {
		if e.at[i] = slices.Index(names, column); e.at[i] < 0 {
			return fmt.Errorf("has no column %s", column)
		}
	}
	return nil
}

// batches yields the lines, so many at once. What ends it early is in err.
func (e *export) batches(size int) iter.Seq[[]record] {
	return func(yield func([]record) bool) {
		batch := make([]record, 0, size)
		for r, ok := e.next(); ok; r, ok = e.next() {
			if batch = append(batch, r); len(batch) == size {
				if !yield(batch) {
					return
				}
				batch = batch[:0]
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// next reads a line. One that is none is a record with a fault.
func (e *export) next() (record, bool) {
	from := e.reader.InputOffset()
	fields, err := e.reader.Read()
	if errors.Is(err, io.EOF) {
		return record{}, false
	}
	e.count++
	r := record{
		id:  e.name + ":" + strconv.Itoa(e.count),
		raw: strings.Trim(string(e.contents[from:e.reader.InputOffset()]), "\r\n"),
	}
	if fault, wrong := errors.AsType[*csv.ParseError](err); wrong {
		r.line, r.fault = fault.StartLine, fault.Err.Error()
		return r, true
	}
	if err != nil {
		e.err = err
		return r, false
	}
	r.line, _ = e.reader.FieldPos(0)
	for i, at := range e.at {
		r.fields[i] = strings.Clone(fields[at])
	}
	return r, true
}
