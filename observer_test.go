package ergon_test

import (
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestKindString(t *testing.T) {
	is := is.New(t)
	var names []string
	for k := ergon.Kind(0); k <= ergon.KindViolation+1; k++ {
		names = append(names, k.String())
	}
	is.Equal(strings.Join(names, ", "), "kind(0), run, fetch, batch, transaction, attempt, wait, dispatch, handler, success, settle, extend, drain, violation, kind(14)")
	is.Equal(ergon.KindTransaction.String(), "transaction") // the names are at their places
	is.Equal(ergon.KindSettle.String(), "settle")
}
