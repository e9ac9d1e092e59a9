package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/seam"
)

// node is the account of one thing that must end as a whole: a fetched
// transaction, a group of them, or a copy for a sink nobody waits for. It counts
// what came of it and has not ended yet; whoever makes more of it raises the
// count before anything is handed over.
type node struct {
	run      *Run
	owner    owner
	pending  atomic.Int64
	marks    atomic.Uint32
	seq      seam.Ticket    // its place in the order of fetching
	units    []atomic.Int64 // what of it is still above each line of the run
	deadline time.Time      // the end of its budget; zero: none

	ctx    context.Context         // nil: the run's
	cancel context.CancelCauseFunc // not nil where it is leased

	mu     sync.Mutex
	faults []fault
	failed int // how many faults there were, those not kept included
}

// owner is who is told when nothing of a node is left.
type owner interface {
	ended()
	id() string
}

// What can be marked on a node.
const (
	stored   uint32 = 1 << iota // a sink has stored something of it
	released                    // something of it was abandoned at a stop
	lost                        // its lease is gone
)

// fault is one thing that came of a node and failed.
type fault struct {
	stage    string
	err      error
	category ergon.Category
	verdict  ergon.Verdict
	delay    time.Duration // with Returned; below 0: as the policy says
	least    time.Duration // with Returned: no less than this, whatever the policy says
	attempts []ergon.Attempt
	item     int
	value    any
}

// gravity orders faults by what may become of the transaction. One that asks to
// come back after a time of its own does so however often it was delivered, which
// is graver than to come back as the policy says.
func (f fault) gravity() int {
	g := 2 * int(f.verdict)
	if f.delay != unset {
		g++
	}
	return g
}

func (n *node) mark(m uint32)      { n.marks.Or(m) }
func (n *node) has(m uint32) bool  { return n.marks.Load()&m != 0 }
func (n *node) add(children int64) { n.pending.Add(children) }

// end says that one of the things that came of the node has ended.
func (n *node) end() {
	if n.pending.Add(-1) == 0 {
		n.owner.ended()
	}
}

// fail keeps a fault. It does not end anything.
func (n *node) fail(f fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failed++
	if len(n.faults) < ergon.MostFailures {
		n.faults = append(n.faults, f)
		return
	}
	for i := range n.faults { // a worse one must not be forgotten
		if n.faults[i].gravity() < f.gravity() {
			n.faults[i] = f
			return
		}
	}
}

func (n *node) id() string { return n.owner.id() }

// context returns the context for work on the node.
func (n *node) context() context.Context {
	if n.ctx != nil {
		return n.ctx
	}
	return n.run.work
}

// left says that one thing of the node will not reach the given lines.
func (n *node) left(lines []int) {
	for _, l := range lines {
		if n.units[l].Add(-1) == 0 {
			n.run.lines[l].End(n.seq)
		}
	}
}

// more says that k more things of the node are on their way to the given lines.
func (n *node) more(lines []int, k int64) {
	for _, l := range lines {
		n.units[l].Add(k)
	}
}
