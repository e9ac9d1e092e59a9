package source

import (
	"context"
	"encoding/csv"
	"fmt"

	"github.com/ergon-go/ergon"
)

// CSV returns a Source of the records of a CSV file (RFC 4180), with the ids
// "name:1", "name:2" and so on: the numbers of the records. The first record is
// the header unless Header says otherwise. Blank lines are skipped, and a CRLF
// between quotes reads as LF.
//
// A record that is at fault has an Err, in which errors.Is finds
// csv.ErrFieldCount, csv.ErrQuote, csv.ErrBareQuote or ErrTooLong, and the
// text as it stood there. Where quotes are at fault it is the line on which the
// record began, and reading goes on with the next one: a quote that nobody closes
// costs one line. A header at fault is a Permanent error.
func CSV(path string, opts ...CSVOption) *Text[ergon.Record] {
	t := newText[ergon.Record]("source.CSV", path, opts)
	t.cutter = func(w *window) cutter[ergon.Record] {
		return &csvText{
			lines: lines{window: w, longest: t.longest}, scan: csvScan{comma: []byte(string(t.comma))},
			header: t.header, headed: t.headless, width: len(t.header),
		}
	}
	return t
}

// csvText goes through a text record by record. A header at fault stays the
// current record.
type csvText struct {
	lines
	scan    csvScan  // the fields of the current record
	fault   csvFault // of the current record
	records int      // how many there were, the header not counted
	header  []string
	headed  bool // the header was read, or there is none
	width   int  // how many fields a record must have; 0: not known yet
}

func (c *csvText) position() int64 { return int64(c.records) }

func (c *csvText) next(ctx context.Context) error {
	if !c.headed {
		if err := c.readHeader(ctx); err != nil {
			return err
		}
	}
	if err := c.record(ctx); err != nil {
		return err
	}
	c.records++
	return nil
}

func (c *csvText) readHeader(ctx context.Context) error {
	if c.fault.err == nil {
		if err := c.record(ctx); err != nil {
			return err
		}
	}
	if c.fault.err != nil {
		return ergon.Permanent(fmt.Errorf("header: %w", c.fault.at(c.number)))
	}
	c.header, c.headed = c.scan.values(string(c.text)), true
	return nil
}

// record goes to the next record that is no blank line.
func (c *csvText) record(ctx context.Context) error {
	for {
		end, long, err := c.first(ctx)
		if err != nil {
			return err
		}
		c.scan.reset()
		height, fault := 1, csvFault{err: ErrTooLong}
		if !long {
			if end, height, fault, err = c.extent(ctx, end); err != nil {
				return err
			}
		}
		c.take(end, long, height)
		if len(c.text) > 0 {
			c.fault = c.judge(fault)
			return nil
		}
	}
}

// extent returns where a record ends and how many lines it has, given where its
// first line ends. Where its quotes are at fault it is that line alone.
func (c *csvText) extent(ctx context.Context, first int) (end, height int, fault csvFault, err error) {
	from := 0
	for end, height = first, 1; ; height++ {
		to := from + len(chomp(c.rest()[from:end]))
		fault = csvFault{err: c.scan.line(c.rest(), from, to), row: height - 1, column: c.scan.at - from + 1}
		if fault.err == nil && !c.scan.open {
			return end, height, csvFault{}, nil
		}
		next := end
		if fault.err == nil {
			var long bool
			if next, long, err = c.line(ctx, end, c.longest); err != nil {
				return 0, 0, fault, err
			}
			fault.err = unclosed(long, next == end)
		}
		if fault.err != nil {
			return first, 1, fault, nil //nolint:nilerr // a fault of the record, not of the reading
		}
		from, end = end, next
	}
}

// judge returns the fault of the current record, given that of its quotes.
func (c *csvText) judge(fault csvFault) csvFault {
	n := len(c.scan.fields)
	switch {
	case fault.err != nil:
		c.scan.within(len(c.text))
	case c.width == 0:
		c.width = n
	case n != c.width:
		return csvFault{err: csv.ErrFieldCount, has: n, wants: c.width}
	}
	return fault
}

// payload is the current record.
func (c *csvText) payload() ergon.Record {
	raw := string(c.text)
	return ergon.Record{
		Header: c.header, Fields: c.scan.values(raw), Line: c.number, Raw: raw, Err: c.fault.at(c.number),
	}
}
