package scenarios

import (
	"maps"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/peers"
)

// What is compared is seen to differ where it does: another stage, or one less.
func TestSpansThatDifferAreFound(t *testing.T) {
	is := is.New(t)
	three, err := spansOf(t.Context(), peers.SpansByHand, watched)
	is.NoErr(err)
	again, err := spansOf(t.Context(), peers.SpansByOneHand, watched)
	is.NoErr(err)
	two, err := spansOf(t.Context(), peers.ErgonTraced, peers.Shape{Stages: 2, Workers: 1})
	is.NoErr(err)
	is.True(maps.Equal(three, again))
	is.True(!maps.Equal(three, two))
}
