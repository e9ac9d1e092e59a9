package pipeline_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func ExamplePipeline_Run() {
	p := pipeline.From(source.Slice([]int{1, 2, 3})).To(sink.Discard[int]())
	err := p.Run(context.Background())
	fmt.Println(p.Ledger().Succeeded, err)
	// Output: 3 <nil>
}

func ExamplePipeline_Stream() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	calls := make(chan int, 2)
	calls <- 1
	calls <- 2
	stopAtTwo := func(_ context.Context, txs []ergon.Transaction[int]) error {
		if txs[0].Payload() == 2 {
			cancel() // in a program: signal.NotifyContext
		}
		return nil
	}
	p := pipeline.From(source.Chan(calls)).To(sink.Func(stopAtTwo))
	err := p.Stream(ctx) // returns when everything in flight has ended
	fmt.Println(p.Ledger().Succeeded, err)
	// Output: 2 <nil>
}

func ExamplePipeline_Pause() {
	p := pipeline.From(source.Slice([]int{1, 2})).To(sink.Discard[int]())
	p.Pause() // before it runs, so that nothing is fetched
	done := make(chan error)
	go func() { done <- p.Run(context.Background()) }()
	fmt.Println("fetched:", p.Ledger().Fetched)
	p.Resume()
	fmt.Println(<-done, p.Ledger().Fetched)
	// Output:
	// fetched: 0
	// <nil> 2
}

func ExamplePipeline_Resume() {
	p := pipeline.From(source.Slice([]int{1})).To(sink.Discard[int]())
	p.Pause()
	p.Resume()
	fmt.Println(p.Run(context.Background()))
	// Output: <nil>
}

func ExampleNamed() {
	p := pipeline.From(source.Slice([]int{1}), pipeline.Named("orders")).To(sink.Discard[int]())
	fmt.Print(p.Topology())
	// Output:
	// pipeline "orders"
	//   source -> sink
	//   sink
}

func ExampleWith() {
	policy := pipeline.Policy{Limit: 2, Stages: map[string]stage.Policy{"store": {Workers: 4}}}
	p := pipeline.From(source.Slice([]int{1, 2, 3}), pipeline.With(policy)).
		To(sink.Discard[int](), stage.Named("store"))
	fmt.Println(p.Run(context.Background()), p.Ledger().Fetched)
	// Output: <nil> 2
}

// clerk is an observer that tells what becomes of every transaction.
type clerk struct{}

func (clerk) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }

func (clerk) End(_ context.Context, e *ergon.Event) {
	if e.Kind == ergon.KindTransaction {
		fmt.Println(e.ID, e.Verdict, e.Err)
	}
}

func ExampleObserve() {
	source := ergontest.NewSource(1, 2)
	refuse := func(_ context.Context, n int) (int, error) {
		if n == 2 {
			return 0, ergon.Business(errors.New("two is not sold"))
		}
		return n, nil
	}
	_ = pipeline.From(source, pipeline.Observe(clerk{}), pipeline.With(pipeline.Policy{InFlight: 1})).
		Map(refuse).To(sink.Discard[int]()).Run(context.Background())
	// Output:
	// test:0 acked <nil>
	// test:1 dead-lettered two is not sold
}
