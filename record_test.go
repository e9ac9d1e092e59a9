package ergon_test

import (
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestRecordGet(t *testing.T) {
	r := ergon.Record{Header: []string{"id", "name", "name", "note"}, Fields: []string{"7", "lamp", "lamp again"}}
	for _, test := range []struct {
		name, field, want string
		found             bool
	}{
		{"the first", "id", "7", true},
		{"a name that comes twice is the first", "name", "lamp", true},
		{"a record too short", "note", "", false},
		{"no such name", "price", "", false},
		{"another case", "ID", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			got, found := r.Get(test.field)
			is.Equal(got, test.want)
			is.Equal(found, test.found)
		})
	}
	_, found := ergon.Record{Fields: []string{"7"}}.Get("")
	is.New(t).True(!found) // a table without a header has no names
}
