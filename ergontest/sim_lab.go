package ergontest

import (
	"context"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest/internal/faults"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/pipeline"
)

type (
	simTurnKey    struct{}
	simCallKey    struct{}
	simAccountKey struct{}
)

// simTurnOf returns the turn that a context belongs to, or nil.
func simTurnOf(ctx context.Context) *simTurn {
	t, _ := ctx.Value(simTurnKey{}).(*simTurn)
	return t
}

// simNode is what is known of a stage from the topology.
type simNode struct {
	kind           string
	ordered, keyed bool
	calm           bool // nobody waits for it
}

// simNodes returns the stages of a pipeline by name.
func simNodes(g pipeline.Topology) map[string]simNode {
	calm := map[string]bool{}
	for range g.Edges { // until nothing is added
		for _, e := range g.Edges {
			calm[e.To] = calm[e.To] || e.Label == "best effort" || calm[e.From] && e.Label == ""
		}
	}
	nodes := map[string]simNode{}
	for _, n := range g.Nodes {
		nodes[n.Name] = simNode{kind: n.Kind, ordered: n.Ordered, keyed: n.Keyed, calm: calm[n.ID]}
	}
	return nodes
}

// inSim returns the context of a turn, in which the simulation stands around
// everything that a run calls.
func (s *simRun) inSim(ctx context.Context, t *simTurn) context.Context {
	ctx = context.WithValue(ctx, simTurnKey{}, t)
	l := &lab.Lab{Instants: s.instants, Observers: []ergon.Observer{simWatch{s, t}}}
	l.Random = func(n uint64) uint64 {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.random.Uint64N(n)
	}
	if slab := int(s.seed % 8); slab > 1 { // as under load
		l.Slab = func() int { return slab }
	}
	l.Begun = func(limits lab.Limits) {
		s.mu.Lock()
		defer s.mu.Unlock()
		t.limits = limits
	}
	l.Grouped = func(id string, members []string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lineage.groups[id] = members
	}
	return inLab(ctx, s, *l)
}

// around makes a call, or does not.
func (s *simRun) around(ctx context.Context, c crossing, do func(context.Context) error) error {
	t := simTurnOf(ctx)
	if t == nil || c.kind == ergon.KindSettle { // the source takes care of that
		return do(ctx)
	}
	x := s.enter(ctx, t, c)
	if x == nil {
		return s.gone(ctx)
	}
	x.err = ergon.ErrGoexit
	defer s.leave(ctx, x)
	x.err = s.act(context.WithValue(ctx, simCallKey{}, x), x, do)
	x.returned = true
	return x.err
}

// items returns which items of a Dispatch are not stored.
func (s *simRun) items(ctx context.Context, _ crossing) ergon.ItemErrors {
	if x, ok := ctx.Value(simCallKey{}).(*simCall); ok {
		return x.refused
	}
	return nil
}

// errGone is what calls of a process come to that has died.
var errGone = simError("the process has died")

// simError is an error that was made up.
type simError string

func (e simError) Error() string { return "simulated: " + string(e) }

func errorOf(k faults.Kind) error { return simError(k.String()) }

// gone is a call of a process that has died: it has no effect, and no end of its own.
func (s *simRun) gone(ctx context.Context) error {
	<-ctx.Done()
	return errGone
}
