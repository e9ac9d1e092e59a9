package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon/live"
	"github.com/ergon-go/ergon/otel/setup"
	"github.com/ergon-go/ergon/pipeline"
)

// observation is all that can be seen of the job while it goes on, and afterwards: a
// view in the terminal, the same as a page, and logs and traces in files.
type observation struct {
	view      *live.View
	telemetry *setup.Telemetry
	files     []string // logs, traces
	tell      *notices
	drawn     bool // the view is in the terminal

	views   conc.WaitGroup
	stop    context.CancelFunc
	drawing error
	serving error
}

// observe begins to observe what goes on, in files of a folder, which is made if there
// is none. No folder means that nothing is observed.
func (j *job) observe(ctx context.Context) (*observation, error) {
	if j.flags.observe == "" {
		return nil, nil //nolint:nilnil // it is what nothing observes
	}
	o := &observation{view: live.New(), tell: j.err, files: []string{filepath.Join(j.flags.observe, "log.jsonl"), filepath.Join(j.flags.observe, "traces.jsonl")}}
	telemetry, err := setup.New(ctx, setup.Config{Service: "orders", Console: io.Discard, File: o.files[0], Traces: o.files[1], Sampler: oneIn(tracedLines)})
	if err != nil {
		return nil, misuseError{fmt.Errorf("-observe: %w", err)}
	}
	o.telemetry = telemetry
	page, err := live.Listen(ctx, "localhost:0")
	if err != nil {
		return nil, errors.Join(err, telemetry.Shutdown(ctx))
	}
	fmt.Fprintf(o.tell, "orders: it can be watched at http://%v/ergon\n", page.Addr())
	viewing, stop := context.WithCancel(context.WithoutCancel(ctx)) // to the end of the runs
	o.stop = stop
	o.views.Go(func() { o.serving = o.view.ServeOn(viewing, page) })
	if o.drawn = !j.quiet && o.tell.hasRoomForBars(); o.drawn {
		screen := o.tell.hold()
		o.views.Go(func() { o.drawing = o.view.Terminal(viewing, screen) })
	}
	return o, nil
}

// of has a pipeline observed, where something observes.
func (o *observation) of(opts []pipeline.Option) []pipeline.Option {
	if o == nil {
		return opts
	}
	return append(opts, pipeline.Observe(o.telemetry.Observer()))
}

// show shows a pipeline, where something observes.
func (o *observation) show(p pipeline.Pipeline) {
	if o != nil {
		o.view.Add(p)
	}
}

// draws reports whether progress is seen in the view.
func (o *observation) draws() bool { return o != nil && o.drawn }

// end ends the views, writes what is not written yet, and says where it is.
func (o *observation) end(ctx context.Context) error {
	if o == nil {
		return nil
	}
	o.stop()
	o.views.Wait()
	if o.drawn {
		o.tell.release()
	}
	err := errors.Join(o.drawing, o.serving, o.telemetry.Shutdown(ctx))
	for _, file := range o.files {
		about, fault := os.Stat(file)
		if fault != nil {
			err = errors.Join(err, fault)
			continue
		}
		fmt.Fprintf(o.tell, "orders: %s, %s bytes\n", file, grouped(int(about.Size())))
	}
	return err
}
