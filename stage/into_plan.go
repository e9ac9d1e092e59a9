package stage

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// recordPlan is what Into knows of a type.
type recordPlan struct {
	fields []recordField
	last   atomic.Pointer[headerColumns] // of the header last seen: a file has one
}

// recordField is one field of the struct.
type recordField struct {
	name     string // of the field, as messages show it
	column   string
	exact    bool // the column's name is to be matched exactly
	demanded bool // there must be such a column
	required bool // and it must not be empty
	trimmed  bool // white space around it does not count, and there must be something else
	pointer  bool // to what parse sets
	index    []int
	parse    parser
}

// headerColumns says where in a record the fields of a plan are; -1 = nowhere.
type headerColumns struct {
	header []string
	at     []int
}

// plans holds a recordPlan, or an error, for each type: it is a property of the
// type, found out once, and there are only as many as the program has.
var plans sync.Map //nolint:gochecknoglobals // see above

func planOf(t reflect.Type) (*recordPlan, error) {
	known, ok := plans.Load(t)
	if !ok {
		known, _ = plans.LoadOrStore(t, newPlan(t))
	}
	if err, faulty := known.(error); faulty {
		return nil, err
	}
	return known.(*recordPlan), nil
}

// newPlan returns a *recordPlan, or the error that says all that is wrong with t.
func newPlan(t reflect.Type) any {
	if t.Kind() != reflect.Struct {
		return fmt.Errorf("stage: Into: %v is not a struct", t)
	}
	plan := &recordPlan{}
	faults := plan.add(t, nil)
	columns := map[string]string{}
	for _, f := range plan.fields {
		if other, twice := columns[f.column]; twice {
			faults = append(faults, fmt.Errorf("%s: takes the same column as %s", f.name, other))
		}
		columns[f.column] = f.name
	}
	if len(faults) > 0 {
		return fmt.Errorf("stage: Into: %v does not fit a record: %w", t, errors.Join(faults...))
	}
	return plan
}

// add takes up the fields of a struct that stands at index.
func (p *recordPlan) add(t reflect.Type, index []int) (faults []error) {
	for field := range t.Fields() {
		tag, tagged := field.Tag.Lookup("csv")
		embedded := field.Anonymous && !tagged && field.Type.Kind() == reflect.Struct
		if tag == "-" || !tagged && !field.IsExported() && !embedded {
			continue
		}
		field.Index = append(slices.Clone(index), field.Index...)
		if embedded {
			if _, err := parserOf(field); err != nil { // else it decodes itself: a time.Time, say
				faults = append(faults, p.add(field.Type, field.Index)...)
				continue
			}
		}
		planned, err := newField(field, tag)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", field.Name, err))
			continue
		}
		p.fields = append(p.fields, planned)
	}
	return faults
}

func newField(field reflect.StructField, tag string) (recordField, error) {
	planned := recordField{name: field.Name, column: field.Name, index: field.Index}
	if !field.IsExported() {
		return planned, errors.New("is not exported")
	}
	column, options, _ := strings.Cut(tag, ",")
	if column != "" {
		planned.column, planned.exact, planned.demanded = column, true, true
	}
	switch options {
	case "":
	case "optional":
		planned.demanded = false
	case "required":
		planned.demanded, planned.required = true, true
	default:
		return planned, fmt.Errorf("%q is no option of a csv tag: use required or optional", options)
	}
	if planned.pointer = field.Type.Kind() == reflect.Pointer; planned.pointer {
		field.Type = field.Type.Elem()
	}
	planned.trimmed = spaceless(field.Type)
	var err error
	planned.parse, err = parserOf(field)
	return planned, err
}

// columns returns where the fields are in a record of that header.
func (p *recordPlan) columns(header []string) []int {
	last := p.last.Load()
	if last == nil || (header == nil) != (last.header == nil) || !slices.Equal(header, last.header) {
		last = &headerColumns{header: slices.Clone(header), at: make([]int, len(p.fields))}
		for i := range p.fields {
			last.at[i] = i
			if header != nil {
				last.at[i] = p.fields[i].in(header)
			}
		}
		p.last.Store(last)
	}
	return last.at
}

// in returns which column of a header is the field's, or -1.
func (f *recordField) in(header []string) int {
	at := slices.Index(header, f.column)
	if at < 0 && !f.exact {
		at = slices.IndexFunc(header, func(name string) bool { return strings.EqualFold(name, f.column) })
	}
	return at
}
