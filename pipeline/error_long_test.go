package pipeline_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// An id comes from outside and may be of any length; an error shows enough of it.
func TestAnErrorIsNotAsLongAsTheIDItShows(t *testing.T) {
	id := strings.Repeat("x", 10<<20)
	for name, err := range map[string]error{
		"unhandled": &pipeline.UnhandledError{Count: 1, Failures: []pipeline.UnhandledFailure{{Transaction: id, Verdict: ergon.Returned, Err: errors.New("boom")}}},
		"stuck":     &pipeline.DrainError{Stuck: []pipeline.Stuck{{Stage: "price", Transaction: id}}},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			is.True(len(err.Error()) < 1000)
			is.True(strings.Contains(err.Error(), `"`+id[:256]+`"`))
		})
	}
}
