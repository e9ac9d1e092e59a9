package ergontest

import (
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// Ids that look like children of each other, and are not, excuse nobody and
// accuse nobody.
func TestIDsThatLookLikeChildrenAreNone(t *testing.T) {
	is := is.New(t)
	orders := SourceOf(ergon.NewTransaction("orders", 1), ergon.NewTransaction("orders/1", 2))
	var to Sink[int]
	Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(orders, pipeline.With(pipeline.Policy{FetchBatch: 1, InFlight: 1})).To(&to)
	})
	is.Equal(to.IDs(), []string{"orders", "orders/1"})
}
