// Package show runs sample pipelines with their views.
package show

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon/live"
	"github.com/ergon-go/ergon/live/internal/sample"
	"github.com/ergon-go/ergon/pipeline"
)

// Pipelines runs pipelines until ctx ends, with a page on l, if there is one, and in
// the terminal that out is, if there is one. The views see the runs to their end.
func Pipelines(ctx context.Context, l net.Listener, out io.Writer, pipelines ...pipeline.Pipeline) error {
	viewing, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	view := live.New(pipelines...)
	faults := make(chan error, len(pipelines)+2)
	var running, watching conc.WaitGroup
	for _, p := range pipelines {
		running.Go(func() { faults <- p.Stream(ctx) })
	}
	if l != nil {
		watching.Go(func() { faults <- view.ServeOn(viewing, l) })
	}
	if out != nil {
		watching.Go(func() { faults <- view.Terminal(viewing, out) })
	}
	running.Wait()
	end()
	watching.Wait()
	close(faults)
	var err error
	for fault := range faults {
		err = errors.Join(err, fault)
	}
	return err
}

// Samples returns pipelines to show.
func Samples() []pipeline.Pipeline { return []pipeline.Pipeline{sample.Orders(), sample.Refunds()} }
