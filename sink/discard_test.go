package sink_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/sink"
)

func TestDiscardConfirmsEverything(t *testing.T) {
	is := is.New(t)
	is.NoErr(sink.Discard[int]().Dispatch(t.Context(), txs(1, 2, 3)))
	is.NoErr(sink.Discard[int]().Dispatch(t.Context(), nil))
}

func ExampleDiscard() {
	s := sink.Discard[int]()
	err := s.Dispatch(context.Background(), []ergon.Transaction[int]{ergon.NewTransaction("1", 7)})
	fmt.Println(err)
	// Output: <nil>
}
