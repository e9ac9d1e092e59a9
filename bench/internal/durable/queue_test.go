package durable_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/durable"
)

// The orders job has a test of its own, which builds both programs with the race
// detector.
func TestTheQueueMeasuresWhatItSays(t *testing.T) {
	is.New(t).NoErr(durable.Queue().Try(t.Context(), t.TempDir()))
}
