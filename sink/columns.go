package sink

import (
	"reflect"
	"strings"

	"github.com/ergon-go/ergon"
)

// columns is how a struct becomes a record.
type columns []column

type column struct {
	name  string
	index []int // of the field, as reflect counts
	text  texter
}

// columnsOf returns the columns of T, and why some of it cannot be one.
func columnsOf[T any]() (columns, []error) {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil, []error{fault("sink.CSV", "T", "must be a struct, []string or ergon.Record, and is "+t.String())}
	}
	all, faults := fieldsOf(t, nil)
	if len(all) == 0 && faults == nil {
		faults = append(faults, fault("sink.CSV", "T", t.String()+" has no field to write"))
	}
	return all, append(faults, twice("T", all.names())...)
}

// fieldsOf returns the columns of a struct that stands at an index of T.
func fieldsOf(t reflect.Type, at []int) (all columns, faults []error) {
	for i := range t.NumField() {
		field := t.Field(i)
		index := append(append([]int{}, at...), i)
		name, _, _ := strings.Cut(field.Tag.Get("csv"), ",")
		text := texterOf(field.Type, field.Tag.Get("layout"))
		switch {
		case name == "-", !field.IsExported() && !field.Anonymous:
		case field.Anonymous && name == "" && text == nil && field.Type.Kind() == reflect.Struct:
			inner, more := fieldsOf(field.Type, index)
			all, faults = append(all, inner...), append(faults, more...)
		case !field.IsExported():
		case text == nil:
			faults = append(faults, &ergon.ConfigError{
				Where: "sink.CSV", Field: field.Name, Value: field.Type.String(), Why: "has no form as text",
			})
		case name == "":
			all = append(all, column{name: field.Name, index: index, text: text})
		default:
			all = append(all, column{name: name, index: index, text: text})
		}
	}
	return all, faults
}

// names returns the names of the columns.
func (c columns) names() []string {
	names := make([]string, len(c))
	for i := range c {
		names[i] = c[i].name
	}
	return names
}

// row appends the record of the struct to which payload, a pointer, leads.
func (c columns) row(dst []byte, t table, payload any) ([]byte, error) {
	v := reflect.ValueOf(payload).Elem()
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return dst, &unwritable{why: "it is a nil pointer"}
		}
		v = v.Elem()
	}
	fields := make([]string, len(c))
	for i := range c {
		text, err := c[i].text(v.FieldByIndex(c[i].index))
		if err != nil {
			return dst, &unwritable{why: "field " + c[i].name + " has no form as text", err: err}
		}
		fields[i] = text
	}
	return t.encode(dst, fields)
}
