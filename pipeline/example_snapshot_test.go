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

func ExampleTopology_With() {
	p := pipeline.From(source.Slice([]int{1, 2, 3}), pipeline.Named("squares")).
		Map(func(_ context.Context, v int) (int, error) { return v * v, nil }, stage.Named("square"), stage.Workers(2)).
		To(sink.Discard[int]())
	if err := p.Run(context.Background()); err != nil {
		fmt.Println(err)
	}
	fmt.Print(p.Topology().With(p.Snapshot()))
	// Output:
	// pipeline "squares"
	//   source (3 fetched, 0 in flight, 3 settled) -> square
	//   square [map] ×2 (0/2 busy, 3 succeeded) -> sink
	//   sink (0/1 busy, 3 succeeded)
}
