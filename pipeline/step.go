package pipeline

import (
	"time"

	"github.com/ergon-go/ergon/internal/check"
	"github.com/ergon-go/ergon/stage"
)

// step is one step of a description, as it was written down. It is never changed
// afterwards: pipelines made of the same flow share it.
type step struct {
	kind     string
	settings stage.Settings
	missing  bool // its function or sink is nil
	sink     any  // of a sink

	gathers bool // MapBatch, Group
	batch   int
	within  time.Duration

	group, keyed, ordered bool

	branches []*step // of a Fork or Route, one of kind branch each
	branch   []*step // of a branch
}

func newStep(kind string, fn any, opts []stage.Option) *step {
	return &step{kind: kind, settings: stage.Resolve(opts), missing: check.Nil(fn)}
}

func newSinkStep(kind string, sink any, opts []stage.SinkOption) *step {
	return &step{kind: kind, settings: stage.Resolve(opts), missing: check.Nil(sink), sink: sink}
}

// gathering makes a step one that takes up to n at once.
func (s *step) gathering(n int, within time.Duration) *step {
	s.gathers, s.batch, s.within = true, n, within
	return s
}
