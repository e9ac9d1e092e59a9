package ergontest

import (
	"context"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// Ids that look like children of each other, and are not, accuse nobody.
func TestIDsThatLookLikeChildrenAreNone(t *testing.T) {
	is := is.New(t)
	orders := SourceOf(ergon.NewTransaction("orders", 1), ergon.NewTransaction("orders/1", 2))
	var to Sink[int]
	Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(orders, pipeline.With(pipeline.Policy{FetchBatch: 1, InFlight: 1})).To(&to)
	})
	is.Equal(to.IDs(), []string{"orders", "orders/1"})
}

// Nor do they excuse anybody: "orders/1" is stored, which says nothing of "orders".
func TestIDsThatLookLikeChildrenExcuseNoAck(t *testing.T) {
	is := is.New(t)
	s := SourceOf(ergon.NewTransaction("orders/1", 1), ergon.NewTransaction("orders", 2))
	m := meddler{Source: s, settle: func(ctx context.Context, settlements []ergon.Settlement[int]) error {
		return s.Settle(ctx, acks([]ergon.Transaction[int]{settlements[0].Transaction}))
	}}
	_, faults := watched(t, func(*testing.T) pipeline.Pipeline {
		one := pipeline.Policy{FetchBatch: 1, InFlight: 1}
		return pipeline.From(m, pipeline.With(one)).To(sinkOf(nil, ergon.Business(errTest)))
	})
	is.True(found(faults, `neither stored nor dropped, set aside or dealt with: ["orders"]`))
}
