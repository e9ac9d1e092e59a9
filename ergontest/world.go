package ergontest

import (
	"context"
	"sync"

	"github.com/ergon-go/ergon"
)

// world is what one run of Run knows: sources and sinks find it in the context
// with which they are started, and say who they are. A nil world knows nothing.
type world struct {
	mu      sync.Mutex
	members []member
}

// member is a Source or a Sink of a run.
type member interface{ Violations() error }

type worldKey struct{}

// worldOf returns the world of a run, or nil where nobody watches.
func worldOf(ctx context.Context) *world {
	w, _ := ctx.Value(worldKey{}).(*world)
	return w
}

// join adds a member.
func (w *world) join(m member) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.members = append(w.members, m)
}

// settled is told by a Source at the moment it takes a verdict.
func (w *world) settled(id string, v ergon.Verdict) {}

// stored is told by a Sink at the moment it has stored something for the first time.
func (w *world) stored(id string) {}
