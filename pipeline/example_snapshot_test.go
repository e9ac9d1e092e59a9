package pipeline_test

import (
	"context"
	"fmt"

	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func ExamplePipeline_Snapshot() {
	p := pipeline.From(source.Slice([]int{1, 2, 3})).
		Map(func(_ context.Context, v int) (int, error) { return v * v, nil }, stage.Named("square")).
		To(sink.Discard[int]())
	if err := p.Run(context.Background()); err != nil {
		fmt.Println(err)
	}
	for _, s := range p.Snapshot().Stages {
		fmt.Println(s.Name, s.Kind, s.Attempts, s.Failed)
	}
	// Output:
	// square attempt 3 0
	// sink dispatch 3 0
}
