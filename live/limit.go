package live

import (
	"cmp"
	"slices"
)

// saturated is how busy the workers of a stage are at least that limits.
const saturated = 0.75

// mark marks the node that limits, see the documentation of the package.
func (s span) mark(r *run) {
	var held []int // what could limit
	for i, n := range r.Nodes {
		if s.holdsUp(n) {
			held = append(held, i)
		}
	}
	below := reachable(r.Edges)
	held = slices.DeleteFunc(slices.Clone(held), func(i int) bool {
		return slices.ContainsFunc(held, func(j int) bool {
			return below[r.Nodes[i].ID][r.Nodes[j].ID] || r.Nodes[i].Kind != settle && r.Nodes[j].Kind == settle
		})
	})
	if len(held) == 0 {
		return
	}
	most := slices.MaxFunc(held, func(i, j int) int {
		a, b := r.Nodes[i], r.Nodes[j]
		return cmp.Or(cmp.Compare(s.awaited(a.ID), s.awaited(b.ID)), cmp.Compare(a.Queued, b.Queued), cmp.Compare(a.Load, b.Load))
	})
	n := &r.Nodes[most]
	n.Limits, r.Limit, r.Why = true, n.ID, s.why(*n)
}

// holdsUp reports whether others wait for a stage, and it is the reason.
func (s span) holdsUp(n node) bool {
	if n.Kind == settle { // it takes all there is at once, so something is queued while it works
		return n.Load >= saturated && 2*int64(n.Queued) > s.now.of.Ledger.InFlight
	}
	if !n.Works || n.Kind == "source" || n.Queued == 0 && s.awaited(n.ID) == 0 {
		return false
	}
	return n.Load >= saturated || n.Waiting > 0 && n.Rate == 0
}

// why says what makes a stage the one that limits.
func (s span) why(n node) string {
	text := percent(n.Load) + " busy"
	if s.now.of.Ended.IsZero() {
		text += ", " + grouped(n.Queued) + " queued"
	}
	if n.Waiting > 0 {
		text += ", " + grouped(n.Waiting) + " wait to be tried again"
	}
	return text
}

// reachable returns which nodes stand below which others.
func reachable(edges []edge) map[string]map[string]bool {
	next := map[string][]string{}
	for _, e := range edges {
		next[e.From] = append(next[e.From], e.To)
	}
	below := map[string]map[string]bool{}
	for from := range next {
		below[from] = map[string]bool{}
		for todo := slices.Clone(next[from]); len(todo) > 0; {
			id := todo[0]
			if todo = todo[1:]; !below[from][id] {
				below[from][id] = true
				todo = append(todo, next[id]...)
			}
		}
	}
	return below
}
