package sink

import (
	"fmt"
	"strconv"

	"github.com/ergon-go/ergon"
)

// CSV returns a sink that writes each payload as a record of a CSV file, as RFC
// 4180 has it but with a newline alone at the end. The payload is one of
//
//   - a struct, or a pointer to one: its exported fields in their order, with the
//     names of their tags, as stage.Into reads them: `csv:"name"`, "-" to leave
//     one out, the name of the field where there is none. They may be strings,
//     numbers, bools, time.Duration, time.Time in the layout of a tag
//     `layout:"2006-01-02"` (RFC 3339 without one), encoding.TextMarshaler, and
//     pointers to one of these, of which nil is an empty text. The fields of an embedded
//     struct count as those of the struct around it;
//   - an ergon.Record, with the names of its Header. One that has an Err is
//     refused, as a fault of the data;
//   - []string, with names where the option Header gives them.
//
// A heading with the names is written once, to an empty file: at Start where they
// are known by then, else before the first record. To a file that begins with
// other names a struct or []string is not added: Start fails with ErrHeading. A
// Record with other names than the file, or with more or fewer fields than names,
// is refused as a fault of the data.
//
// Start reads a file that is there already once, from end to end, to find what a
// crash has torn. Texts are written as they are: what a spreadsheet would take for
// a formula is for the pipeline to mend before.
func CSV[T any](path string, opts ...CSVOption) *File[T] {
	t, faults := tableOf(opts)
	k := kind[T]{name: "sink.CSV", layout: t}
	switch any(*new(T)).(type) {
	case []string:
		k.fixed, k.encode = t.header, func(dst []byte, row T) ([]byte, error) {
			return t.row(dst, any(row).([]string))
		}
	case ergon.Record:
		faults = append(faults, t.refuseHeader()...)
		k.names = func(r T) []string { return any(r).(ergon.Record).Header }
		k.encode = func(dst []byte, r T) ([]byte, error) {
			return t.record(dst, any(r).(ergon.Record))
		}
	default:
		columns, more := columnsOf[T]()
		faults = append(append(faults, t.refuseHeader()...), more...)
		k.fixed, k.encode = columns.names(), func(dst []byte, payload T) ([]byte, error) {
			return columns.row(dst, t, &payload)
		}
	}
	return newFile(path, k, faults...)
}

// row encodes the fields of a []string.
func (t table) row(dst []byte, fields []string) ([]byte, error) {
	if len(t.header) > 0 && len(fields) != len(t.header) {
		return dst, wrongWidth(len(fields), len(t.header))
	}
	return t.encode(dst, fields)
}

// record encodes the fields of a Record.
func (t table) record(dst []byte, r ergon.Record) ([]byte, error) {
	if r.Err != nil {
		return dst, fmt.Errorf("sink: not a record: %w", r.Err)
	}
	if r.Header != nil && len(r.Fields) != len(r.Header) {
		return dst, wrongWidth(len(r.Fields), len(r.Header))
	}
	return t.encode(dst, r.Fields)
}

func wrongWidth(got, want int) error {
	return &unwritable{why: "it has " + strconv.Itoa(got) + " fields and not " + strconv.Itoa(want)}
}
