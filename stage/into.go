package stage

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/ergon-go/ergon"
)

// Into turns a record into a T, a struct whose exported fields name the columns:
//
//	type Order struct {
//		Invoice  string    `csv:"InvoiceNo,required"`
//		Quantity int
//		At       time.Time `csv:"InvoiceDate" layout:"1/2/06 15:04"`
//		Customer *int      `csv:"CustomerID"`
//		Total    int       `csv:"-"`
//	}
//
// # Columns
//
// A field with a name in its csv tag takes the column of exactly that name, and
// it is an error if there is none; with ",optional" the field then stays as it
// is. A field without one takes the column of its own name, or else the first
// that differs from it in case alone; if there is none, it stays as it is.
// ",required" says that the column must be there and not empty. csv:"-" leaves a
// field out, and the fields of an embedded struct count as its own. A record
// without a header gives its fields to those of the struct in their order.
// Columns that no field asks for are passed over.
//
// # Values
//
// Strings are taken as they are. Integers are decimal; floats are finite; bools
// are what strconv.ParseBool takes; a time.Duration is written as "1m30s"; a
// time.Time as its layout tag says, or as RFC 3339. Around all of these but
// strings white space does not count, and an empty text is an error. Other types
// decode themselves, as an encoding.TextUnmarshaler. A pointer to any of these
// is nil for an empty text.
//
// # Errors
//
// A record that could not be read (its Err) and one that does not fit are
// ergon.Business errors. Of the latter all faults are joined, each with the line
// and the name of the column as the file has it, or of the field where the file
// has no such name; none with the value nor with anything that wraps it. A T that
// no record can fit is an ergon.Permanent error that names the field. Into may be
// called concurrently; what it finds out about T it finds out once.
func Into[T any](_ context.Context, r ergon.Record) (T, error) {
	var value, none T
	plan, err := planOf(reflect.TypeFor[T]())
	if err != nil {
		return none, ergon.Permanent(err)
	}
	if r.Err != nil {
		return none, ergon.Business(r.Err)
	}
	if err := plan.fill(reflect.ValueOf(&value).Elem(), r); err != nil {
		return none, ergon.Business(err)
	}
	return value, nil
}

// fill sets the fields of a struct and returns all faults, joined.
func (p *recordPlan) fill(into reflect.Value, r ergon.Record) error {
	columns := p.columns(r.Header)
	var faults []error
	for i := range p.fields {
		field := &p.fields[i]
		if why := field.set(into, r.Fields, columns[i]); why != "" {
			faults = append(faults, fmt.Errorf("stage: Into: line %d: %s: %s", r.Line, field.label(r.Header, columns[i]), why))
		}
	}
	return errors.Join(faults...)
}

// missing says what is wrong with a record that has no text for the field.
func (f *recordField) missing(column int) string {
	switch {
	case !f.demanded:
		return ""
	case column < 0:
		return "there is no such column"
	}
	return "the record ends before it"
}

// label names a field in a message: by its column as the file has it, or as its
// tag asks for it, and where the file names no columns by itself.
func (f *recordField) label(header []string, column int) string {
	switch {
	case column >= 0 && column < len(header):
		return fmt.Sprintf("column %q", header[column])
	case f.exact && header != nil:
		return fmt.Sprintf("column %q", f.column)
	}
	return "field " + f.name
}

// set takes a column's text into the field; what it returns is why not.
func (f *recordField) set(into reflect.Value, texts []string, column int) string {
	if column < 0 || column >= len(texts) {
		return f.missing(column)
	}
	text := texts[column]
	if f.trimmed {
		text = strings.TrimSpace(text)
	}
	if text == "" && (f.required || f.trimmed && !f.pointer) {
		return "is empty"
	}
	target := into.FieldByIndex(f.index)
	if f.pointer {
		if text == "" {
			return ""
		}
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	return f.parse(target, text)
}
