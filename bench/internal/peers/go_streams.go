package peers

import (
	"context"

	streams "github.com/reugn/go-streams"
	"github.com/reugn/go-streams/extension"
	"github.com/reugn/go-streams/flow"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// GoStreams is github.com/reugn/go-streams.
func GoStreams() Peer {
	return Peer{Name: "go-streams", Run: goStreamsRun, Note: "carries items as any"}
}

func goStreamsRun(_ context.Context, j Job) (int, error) {
	in, out := make(chan any, Buffer), make(chan any, Buffer)
	go func() { // until all are taken
		defer close(in)
		for _, v := range j.Items {
			in <- v
		}
	}()
	step := func(v work.Item) work.Item { return j.Step(v) }
	var last streams.Flow = flow.NewPassThrough()
	if j.Stages > 0 {
		last = extension.NewChanSource(in).Via(flow.NewMap(step, j.Workers))
	}
	for range j.Stages - 1 {
		last = last.Via(flow.NewMap(step, j.Workers))
	}
	go last.To(extension.NewChanSink(out)) // until in is closed and all is through
	n := 0
	for v := range out {
		j.Show(v.(work.Item))
		n++
	}
	return n, nil
}
