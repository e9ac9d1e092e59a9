package ergontest

import (
	"context"
	"strings"
	"sync"

	"github.com/ergon-go/ergon"
)

// witness is what one run of Run knows: sources and sinks find it in the context
// with which they are started, and say who they are and what happens to them.
// All its methods but verdict do nothing where it is nil. It never calls a
// member while it holds its lock, since members call it while they hold theirs.
type witness struct {
	stop func() // ends the context of the run

	mu      sync.Mutex
	sinks   int
	members []member
	held    map[string]int  // how often an id was handed out and not settled since; it has all that ever were
	acked   map[string]bool // Acked, and not handed out again
	outputs map[string]int  // how much of what came of an id was stored
	bare    []string        // the ids that were Acked when nothing of them was stored
	lost    []string        // what had not ended when what it came of was Acked
	lineage lineage
	shape   shape    // of the pipeline, where that is known
	late    []string // the ids of which something was stored after they were Acked
}

// member is a Source or a Sink of a run.
type member interface {
	Violations() error
	unsettled() []string // the ids that were handed out and never settled
}

type witnessKey struct{}

// witnessOf returns the witness of a run, or nil where nobody watches.
func witnessOf(ctx context.Context) *witness {
	w, _ := ctx.Value(witnessKey{}).(*witness)
	return w
}

// join adds a member, which may be started more than once.
func (w *witness) join(m member, isSink bool) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, known := range w.members {
		if known == m {
			return
		}
	}
	w.members = append(w.members, m)
	if isSink {
		w.sinks++
	}
}

// handedOut is told by a Source when it hands something out.
func (w *witness) handedOut(id string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held == nil {
		w.held, w.acked, w.outputs = map[string]int{}, map[string]bool{}, map[string]int{}
	}
	if w.held[id] == 0 {
		w.lineage.forget(id)
	}
	w.held[id]++
	delete(w.acked, id)
}

// takenBack is told by a Source when the lease of something is over.
func (w *witness) takenBack(id string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held[id]--
}

// settled is told by a Source at the moment it takes a verdict.
func (w *witness) settled(id string, v ergon.Verdict) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held[id]--
	if v != ergon.Acked {
		return
	}
	if w.held[id] <= 0 {
		w.acked[id] = true
	}
	if w.outputs[id] == 0 {
		w.bare = append(w.bare, id)
	}
	w.lost = append(w.lost, w.unended(id)...)
}

// stored is told by a Sink when it has stored something; first says that it was
// not there before.
func (w *witness) stored(id string, first bool) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.outputs == nil {
		return // it did not come from a Source
	}
	for of := id; ; {
		w.outputs[of]++
		if first && w.acked[of] {
			w.late = append(w.late, of)
		}
		_, fetched := w.held[of] // what a Source handed out itself is nobody's child
		parent, isChild := parentOf(of)
		if fetched || !isChild {
			return
		}
		of = parent
	}
}

// parentOf returns the id that a child's id begins with, if it looks like one.
func parentOf(id string) (string, bool) {
	i := strings.LastIndexByte(id, '/')
	if i < 0 || i+1 == len(id) || strings.Trim(id[i+1:], "0123456789") != "" {
		return "", false
	}
	return id[:i], true
}
