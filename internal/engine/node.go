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
//
// There is one for every transaction, so it holds what every one needs; the rest
// is made when it is needed.
type node struct {
	run      *Run
	owner    owner
	head     *head        // as it was fetched, without its receipt; never written to
	others   atomic.Int64 // how many things of it there are, beside one
	marks    atomic.Uint32
	seq      seam.Ticket // its place in the order of fetching
	deadline instant     // the end of its budget
	life     *life       // nil: its context is the run's
	faults   atomic.Pointer[faults]
	units    *[]atomic.Int64 // what of it is still above each line of the run
}

// instant is a point in time, counted in nanoseconds from the beginning of the run; 0
// stands for never.
type instant int64

// life is the context of a node that has one of its own.
type life struct {
	ctx    context.Context
	cancel context.CancelCauseFunc // not nil where it is leased
	id     string                  // of the transaction, where observers were told of it; else empty
}

// faults is what came of a node and failed.
type faults struct {
	mu    sync.Mutex
	kept  []fault
	count int // those not kept included
}

// owner is who is told when nothing of a node is left.
type owner interface {
	ended()
	// leaveWith is ended for one of many that end well and at once. It returns false
	// where ended has to be called.
	leaveWith(x *exit) bool
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
func (n *node) add(children int64) { n.others.Add(children) }

// end says that one of the things that came of the node has ended.
func (n *node) end() {
	if n.others.Add(-1) < 0 {
		n.owner.ended()
	}
}

// fail keeps a fault. It does not end anything.
func (n *node) fail(f fault) {
	all := n.faults.Load()
	for all == nil {
		n.faults.CompareAndSwap(nil, &faults{})
		all = n.faults.Load()
	}
	all.add(f)
}

func (a *faults) add(f fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count++
	if len(a.kept) < ergon.MostFailures {
		a.kept = append(a.kept, f)
		return
	}
	for i := range a.kept { // a worse one must not be forgotten
		if a.kept[i].gravity() < f.gravity() {
			a.kept[i] = f
			return
		}
	}
}

// failed returns what came of the node and failed. Everything must have ended.
func (n *node) failed() []fault {
	if all := n.faults.Load(); all != nil {
		return all.kept
	}
	return nil
}

func (n *node) id() string { return n.head.ID() }

// context returns the context for work on the node.
func (n *node) context() context.Context {
	if n.life != nil {
		return n.life.ctx
	}
	return n.run.work
}

// left says that one thing of the node will not reach the given lines.
func (n *node) left(lines []int) {
	for _, l := range lines {
		if (*n.units)[l].Add(-1) == 0 {
			n.run.lines[l].End(n.seq)
		}
	}
}

// more says that k more things of the node are on their way to the given lines.
func (n *node) more(lines []int, k int64) {
	for _, l := range lines {
		(*n.units)[l].Add(k)
	}
}

// lasts reports whether the time of the node lasts beyond an instant.
func (n *node) lasts(beyond time.Time) bool {
	return n.deadline == 0 || beyond.Sub(n.run.began) < time.Duration(n.deadline)
}
