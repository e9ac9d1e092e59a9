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
	pages []string // where it is served
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

// Add shows more pipelines, below those that are there. Those that are running always
// stand above those that are not.
func (v *View) Add(pipelines ...pipeline.Pipeline) {
	for _, p := range pipelines {
		one := shown{p, p.Topology()} // it may ask the source, which is no call to make under a lock
		v.mu.Lock()
		v.shown = append(v.shown, one)
		v.mu.Unlock()
	}
}

// serves notes that there is a page, until gone is called.
func (v *View) serves(at string) (gone func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.pages = append(v.pages, at)
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if i := slices.Index(v.pages, at); i >= 0 {
			v.pages = slices.Delete(slices.Clone(v.pages), i, i+1)
		}
	}
}

// where returns the addresses of its pages.
func (v *View) where() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.pages)
}

// all returns what is shown now.
func (v *View) all() []shown {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.shown)
}
