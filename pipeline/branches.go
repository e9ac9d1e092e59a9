package pipeline

import (
	"github.com/ergon-go/ergon/internal/engine"
)

// split ends a flow in several branches.
func split[In, Out any](f Flow[In, Out], s *step, branches []func(Flow[In, Out]) Pipeline,
	build func(a *assembly[In], s *engine.Step, ways []engine.Branch[Out]) engine.Port[Out]) Pipeline {
	entries := make([]*entry, len(branches))
	ends := make([]*ended[In], len(branches))
	head := f.head
	for i, branch := range branches {
		entries[i] = &entry{of: s}
		ends[i] = follow(f, branch, entries[i])
		way := &step{kind: "branch"}
		if ends[i] != nil {
			way.branch = ends[i].steps
			head = merge(f.head, head, ends[i].head)
		}
		way.missing = ends[i] == nil
		s.branches = append(s.branches, way)
	}
	f.head = head
	return end(f, s, func(a *assembly[In], e *engine.Step) engine.Port[Out] {
		ways := make([]engine.Branch[Out], len(ends))
		for i, end := range ends {
			end.attach(a)
			port, _ := a.entries[entries[i]].(engine.Port[Out])
			way := s.branches[i]
			ways[i] = engine.Branch[Out]{Port: port, Below: a.plan.below[way], Calm: a.plan.calm[way]}
		}
		return build(a, e, ways)
	})
}

// entry is where a branch begins: a key for its port, which each assembly makes anew.
type entry struct{ of *step }

// follow calls the function that describes a branch, and returns what it has
// described; nil if that is no branch of this flow.
func follow[In, Out any](f Flow[In, Out], branch func(Flow[In, Out]) Pipeline, e *entry) *ended[In] {
	if branch == nil {
		return nil
	}
	start := Flow[In, Out]{head: f.head, begin: e, attach: func(a *assembly[In], next engine.Port[Out]) {
		a.entries[e] = next
	}}
	p := branch(start)
	if p.state == nil {
		return nil
	}
	end, _ := p.state.description.(*ended[In])
	if end != nil && end.begin != e {
		return nil // it leads from another flow, or from another place in this one
	}
	return end
}

// merge returns the head of a flow after one of its branches may have set
// endings: before is what all branches began with.
func merge[In any](before, so, branch *head[In]) *head[In] {
	if branch == before || branch == nil {
		return so
	}
	h := head[In]{}
	if so != nil {
		h = *so
	}
	if before == nil {
		before = &head[In]{}
	}
	take := func(at **ending[In], old, set *ending[In], name string) {
		if set != old {
			h.set(at, set, name)
		}
	}
	take(&h.onError, before.onError, branch.onError, "OnError")
	take(&h.letters, before.letters, branch.letters, "DeadLetter")
	take(&h.success, before.success, branch.success, "OnSuccess")
	h.twice = append(h.twice[:len(h.twice):len(h.twice)], branch.twice[len(before.twice):]...)
	return &h
}
