package pipeline_test

import (
	"bytes"
	"context"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// A profile shows which stage of which pipeline a goroutine works for, beside the
// labels of whoever runs it.
func TestGoroutinesCarryLabelsForProfiles(t *testing.T) {
	is := is.New(t)
	var profile bytes.Buffer
	p := pipeline.From(source.Slice([]int{1, 2}), pipeline.Named("orders"), pipeline.With(pipeline.Policy{InFlight: 1})).
		Map(func(_ context.Context, v int) (int, error) {
			return v, pprof.Lookup("goroutine").WriteTo(&profile, 1)
		}, stage.Named("price")).
		To(sink.Discard[int]())
	is.NoErr(p.Run(pprof.WithLabels(t.Context(), pprof.Labels("team", "billing"))))
	for _, want := range []string{`"pipeline":"orders"`, `"stage":"price"`, `"stage":"fetch"`, `"team":"billing"`} {
		is.True(strings.Contains(profile.String(), want))
	}
}
