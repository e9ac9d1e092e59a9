package sqlite

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/ergon-go/ergon"
)

// Mapping says which columns a payload fills, and with what. Columns and Fields
// make one.
type Mapping[T any] struct {
	columns []column
	values  func(T) ([]any, error)
	fault   string // what is wrong with it as a whole
}

type column struct{ name, kind string }

// Columns maps with a function that returns one value for each of the named
// columns, in their order: numbers, text, bytes, bools, times, nil, and what
// implements driver.Valuer. A column that Create makes holds whatever it is given.
func Columns[T any](values func(T) []any, names ...string) Mapping[T] {
	m := Mapping[T]{columns: make([]column, len(names))}
	for i, name := range names {
		m.columns[i].name = name
	}
	if values == nil {
		m.fault = "the function is nil"
		return m
	}
	m.values = func(payload T) ([]any, error) { return values(payload), nil }
	return m
}

// Fields maps the exported fields of a struct that have a tag, `db:"column"`, to
// the columns they name; embedded structs count as if written out. A column that
// Create makes has the type that fits its field.
func Fields[T any]() Mapping[T] {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct {
		return Mapping[T]{fault: t.String() + " is not a struct"}
	}
	var m Mapping[T]
	var paths [][]int
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("db"), ",")
		if name == "" || name == "-" {
			continue
		}
		if !field.IsExported() {
			m.fault = "the field " + field.Name + " is not exported"
		}
		m.columns = append(m.columns, column{name: name, kind: kindOf(field.Type)})
		paths = append(paths, field.Index)
	}
	m.values = func(payload T) ([]any, error) { return fieldsOf(reflect.ValueOf(payload), paths) }
	return m
}

var errFields = errors.New("an embedded pointer is nil")

func fieldsOf(v reflect.Value, paths [][]int) ([]any, error) {
	values := make([]any, len(paths))
	for i, path := range paths {
		field, err := v.FieldByIndexErr(path)
		if err != nil {
			return nil, errFields
		}
		values[i] = field.Interface()
	}
	return values, nil
}

// kindOf is the column type for a field. Times get the one by which the driver
// knows that it is to return a time.
func kindOf(t reflect.Type) string {
	if t == reflect.TypeFor[time.Time]() {
		return "DATETIME"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "INTEGER"
	case reflect.Float32, reflect.Float64:
		return "REAL"
	case reflect.String:
		return "TEXT"
	case reflect.Slice:
		return "BLOB"
	}
	return ""
}

// faults returns what is wrong with a mapping beside the column key.
func (m Mapping[T]) faults(where, key string) []error {
	if m.fault != "" || m.values == nil {
		return []error{fault(where, "columns", "", orElse(m.fault, "was not made by Columns or Fields"))}
	}
	if len(m.columns) == 0 {
		return []error{fault(where, "columns", "", "there are none")}
	}
	var faults []error
	seen := map[string]bool{strings.ToLower(key): true}
	for i, c := range m.columns {
		field := "column " + strconv.Itoa(i+1)
		if !grammar.MatchString(c.name) {
			faults = append(faults, fault(where, field, shown(c.name), nameRule))
		}
		if seen[strings.ToLower(c.name)] {
			faults = append(faults, fault(where, field, shown(c.name), "is there twice, or holds the id"))
		}
		seen[strings.ToLower(c.name)] = true
	}
	return faults
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// row is what is stored of a transaction: its id, then a value for each column.
func (m Mapping[T]) row(t ergon.Transaction[T]) ([]any, error) {
	if t.ID() == "" {
		return nil, ergon.Business(errNoID)
	}
	values, err := guarded(func(payload T) ([]any, error) {
		values, err := m.values(payload)
		if err != nil {
			return nil, err
		}
		return storable(values)
	}, t.Payload())
	if err == nil && len(values) != len(m.columns) {
		err = fmt.Errorf("%d values for %d columns", len(values), len(m.columns))
	}
	if err != nil {
		return nil, ergon.Business(fmt.Errorf("sqlite: row: %w", err))
	}
	return append([]any{t.ID()}, values...), nil
}
