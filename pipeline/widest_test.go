package pipeline_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// As many are in flight as keep every worker of the widest stage busy, unless the
// policy says otherwise.
func TestTheWidestStageHasEnoughInFlight(t *testing.T) {
	for _, c := range []struct {
		name   string
		opts   []pipeline.Option
		option int
		most   int
	}{
		{"an option", nil, 3000, 3000},
		{"the policy of a stage", []pipeline.Option{pipeline.With(pipeline.Policy{Stages: map[string]stage.Policy{"wide": {Workers: 1500}}})}, 1, 1500},
		{"the policy of the pipeline", []pipeline.Option{pipeline.With(pipeline.Policy{InFlight: 10})}, 3000, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				busy, most := make(chan struct{}, 10_000), 0
				p := pipeline.From(source.Slice(make([]int, 10_000)), c.opts...).
					Map(func(_ context.Context, v int) (int, error) {
						busy <- struct{}{}
						time.Sleep(time.Second)
						<-busy
						return v, nil
					}, stage.Named("wide"), stage.Workers(c.option)).
					To(sink.Discard[int](), stage.Batch(10, time.Minute))
				go func() {
					time.Sleep(time.Second / 2)
					most = len(busy)
				}()
				is.NoErr(p.Run(t.Context()))
				is.Equal(most, c.most)
			})
		})
	}
}
