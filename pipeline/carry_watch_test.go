package pipeline_test

import (
	"context"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// Several goroutines follow one another in the place of one worker: a snapshot that
// finds one of them busy, and then another, counts one.
func TestNoSnapshotShowsMoreBusyThanWorkers(t *testing.T) {
	is := is.New(t)
	spin := func(_ context.Context, v int) (int, error) {
		for range 500 {
			v = v*7%1_000_003 + 1
		}
		return v, nil
	}
	p := pipeline.From(source.Slice(make([]int, 100_000))).Map(spin).Map(spin).Map(spin, stage.Workers(2)).To(sink.Discard[int]())
	done := make(chan error, 1)
	go func() { done <- p.Run(t.Context()) }()
	for {
		for _, s := range p.Snapshot().Stages {
			is.True(s.Busy <= s.Workers)
		}
		select {
		case err := <-done:
			is.NoErr(err)
			return
		default:
		}
	}
}
