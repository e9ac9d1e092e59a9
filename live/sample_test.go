package live_test

import (
	"context"
	"errors"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

var errOdd = errors.New("no odd numbers, token=hunter2 \x1b[2J\nplease")

// square is a pipeline of n numbers, whose stage takes a while for each.
func square(n int, each time.Duration) pipeline.Pipeline {
	return pipeline.From(source.Slice(numbers(n)), pipeline.Named("squares")).
		Map(func(_ context.Context, v int) (int, error) { return v, nil }, stage.Named("parse")).
		Map(func(_ context.Context, v int) (int, error) {
			time.Sleep(each)
			if v%100 == 99 {
				return 0, ergon.Business(errOdd)
			}
			return v * v, nil
		}, stage.Named("square"), stage.Workers(2)).
		DeadLetter(sink.Discard[int]()).
		To(sink.Discard[int](), stage.Named("store"))
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}
