package live

import (
	"slices"
	"sync"

	"github.com/ergon-go/ergon/pipeline"
)

// View shows pipelines. Its methods may be called by any goroutine, before, during and
// after their runs.
type View struct {
	mu    sync.Mutex
	shown []shown
}

// shown is a pipeline with its graph, which never changes.
type shown struct {
	pipeline pipeline.Pipeline
	graph    pipeline.Topology
}

// New returns a view of some pipelines.
func New(pipelines ...pipeline.Pipeline) *View {
	v := &View{}
	v.Add(pipelines...)
	return v
}

// Add shows more pipelines, below those that are there.
func (v *View) Add(pipelines ...pipeline.Pipeline) {
	for _, p := range pipelines {
		one := shown{p, p.Topology()} // it may ask the source, which is no call to make under a lock
		v.mu.Lock()
		v.shown = append(v.shown, one)
		v.mu.Unlock()
	}
}

// all returns what is shown now.
func (v *View) all() []shown {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.shown)
}
