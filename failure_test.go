package ergon_test

import (
	"fmt"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestFailureAt(t *testing.T) {
	type order struct{ ID int }
	is := is.New(t)
	fetched := ergon.Failure[[]byte]{Transaction: ergon.NewTransaction("7", []byte("{}"))}
	_, ok := fetched.At[order]()
	is.True(!ok) // of a stage never reached

	parsed := fetched.WithAt(order{7})
	o, ok := parsed.At[order]()
	is.True(ok)
	is.Equal(o, order{7})
	p, ok := parsed.At[*order]()
	is.True(!ok) // of another type
	is.Equal(p, nil)
	a, ok := parsed.At[any]()
	is.True(ok)
	is.Equal(a, order{7})
	_, ok = fetched.At[order]()
	is.True(!ok) // the first is unchanged

	s, ok := fetched.WithAt[fmt.Stringer](ergon.Acked).At[fmt.Stringer]()
	is.True(ok) // as an interface it has
	is.Equal(s.String(), "acked")
	_, ok = fetched.WithAt[any](nil).At[any]()
	is.True(!ok) // nothing is no value
	b, ok := fetched.WithAt[[]byte](nil).At[[]byte]()
	is.True(ok) // an empty one is
	is.Equal(len(b), 0)
}

func TestFailureLogsWithoutAnError(t *testing.T) {
	is := is.New(t)
	is.Equal(fmt.Sprint(ergon.Failure[int]{}), `transaction "" failed in "": <nil>`)
	is.Equal(len(ergon.Failure[int]{}.LogValue().Group()), 5)
}
