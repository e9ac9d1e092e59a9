package pipeline

import (
	"fmt"

	"github.com/ergon-go/ergon"
)

// route is what is known of the way that leads to a step.
type route struct {
	steps     []*step // with a pool, from the source on
	apart     int     // how many of them stand above the last Ordered, and need keep no order for those below
	branches  []*step // entered on the way
	ordered   bool    // what arrives is in the order of fetching
	promised  bool    // and has to be from here on
	keyed     bool
	overtaken bool  // keys have gone on past others that waited
	scattered *step // a stage that lets items overtake each other, on several workers
	keysLost  *step // a Group below KeyBy, not keyed again
	split     bool  // some FlatMap stands above, so counts are not transactions
	group     int   // how many transactions one item may hold
	calm      bool
}

// walk follows a description down to its sinks and works out what each step
// must keep.
func (p *plan) walk(steps []*step, r route) {
	for _, s := range steps {
		switch {
		case s.ordered:
			p.orderFrom(s, &r)
		case s.kind == "fork" || s.kind == "route":
			p.fork(s, r)
		default:
			p.stage(s, &r)
		}
	}
}

// orderFrom begins the part of a route that keeps the order of fetching.
func (p *plan) orderFrom(s *step, r *route) {
	if r.group > 1 {
		p.fault(s, "Ordered", "stands below Group: put it above, where there are single transactions")
	}
	if !r.ordered && !r.promised {
		if r.calm {
			p.fault(s, "Ordered", "stands on a best-effort branch below stages that keep no order: put it above the Fork")
		}
		p.line(s, r)
	}
	r.ordered, r.promised, r.scattered, r.apart = true, true, nil, len(r.steps)
}

// line has everything that comes to a step put in the order of fetching first.
func (p *plan) line(s *step, r *route) {
	line := len(p.lines)
	p.lines[s] = line
	for _, above := range r.steps {
		p.steps[above].Below = append(p.steps[above].Below, line)
	}
	for _, b := range r.branches {
		p.below[b] = append(p.below[b], line)
	}
	r.ordered, r.overtaken = true, false
}

// straighten puts in order again what keys have overtaken, in front of a step that
// needs it: one that gathers transactions, gives keys, or ends an ordered route.
func (p *plan) straighten(s *step, r *route) {
	switch {
	case !r.overtaken || r.calm || !s.keyed && !(r.promised && (s.group || s.sink != nil)):
	case r.group == 1:
		p.line(s, r)
	case s.sink != nil:
		p.fault(s, "Ordered", "stands above KeyBy below Group, where the order of fetching is lost: leave one of them out")
	}
}

// stage works out a step that has a pool.
func (p *plan) stage(s *step, r *route) {
	defaults := stageRetry
	if s.sink != nil && !r.calm {
		defaults = sinkRetry
	}
	p.straighten(s, r)
	e := p.fill(s, defaults)
	e.Calm = r.calm
	e.Keyed = r.keyed && !s.group
	e.Ordered = r.promised && !s.group && !(e.Keyed && (s.sink == nil || r.overtaken)) // a Group has one worker that never waits: it keeps any order
	if s.keyed {
		p.key(s, r)
	}
	if s.group {
		e.Workers = 1
		if r.keyed {
			r.keyed, r.keysLost = false, s
		}
		r.group *= max(1, s.batch)
	}
	r.split = r.split || s.kind == "flat-map"
	p.batches(s, r, e.Batch)
	if s.sink != nil {
		p.sink(s, r, e.Workers)
		return
	}
	switch {
	case e.Keyed:
		r.overtaken = true // other keys go on past one that waits
	case e.Workers > 1 && !e.Ordered:
		r.scattered = s
	}
	r.ordered = e.Ordered
	r.steps = append(r.steps[:len(r.steps):len(r.steps)], s)
}

// key begins the part of a route that keeps the order of each key. Single-worker
// stages above keep the order too, retries included, so that keys begin in order.
func (p *plan) key(s *step, r *route) {
	if r.scattered != nil {
		p.fault(s, "KeyBy", fmt.Sprintf("stands below %q, which has several workers and keeps no order: put KeyBy or Ordered above it", p.steps[r.scattered].Name))
	}
	if !r.keyed {
		for _, above := range r.steps[r.apart:] {
			if !above.group {
				p.steps[above].Ordered = true
			}
		}
		p.steps[s].Ordered = true
	}
	p.steps[s].Workers = 1
	r.keyed, r.keysLost = true, nil
}

// sink ends a route.
func (p *plan) sink(s *step, r *route, workers int) {
	p.sinks = append(p.sinks, s)
	if r.keysLost != nil {
		p.fault(s, "Group", fmt.Sprintf("%q stands below KeyBy and mixes keys: use KeyBy again below it", p.steps[r.keysLost].Name))
	}
	if r.promised && workers > 1 {
		p.fault(s, "Workers", "a sink below Ordered gets one Dispatch at a time: leave Workers out")
	}
	if s.settings.BestEffort && len(r.branches) == 0 {
		p.fault(s, "BestEffort", "only a branch of a Fork can be best effort: something must be waited for")
	}
}

// batches checks that what a step wants to gather can be in flight at all.
func (p *plan) batches(s *step, r *route, batch int) {
	most := r.group
	if !s.group {
		most *= max(1, batch)
	}
	if batch > 1 && !r.split && most > p.inFlight {
		p.fault(s, "Batch", fmt.Sprintf("would need %d transactions at once, and at most %d are in flight: make it smaller or raise Policy.InFlight", most, p.inFlight))
	}
}

// fork follows every branch of a Fork or Route.
func (p *plan) fork(s *step, r route) {
	if s.kind == "route" {
		p.stage(s, &r)
	}
	waited := false
	for i, b := range s.branches {
		if b.missing {
			p.fault(s, fmt.Sprintf("branch %d", i+1), "is no branch of this flow: it must continue the Flow it is given and end in a sink")
			waited = true
			continue
		}
		way := r
		way.branches = append(r.branches[:len(r.branches):len(r.branches)], b)
		p.calm[b] = s.kind == "fork" && !r.calm && bestEffort(b.branch)
		way.calm = r.calm || p.calm[b]
		if s.kind == "route" && !r.calm && bestEffort(b.branch) {
			p.fault(s, fmt.Sprintf("branch %d", i+1), "is best effort: a routed transaction goes nowhere else, so it must be waited for")
		}
		waited = waited || !p.calm[b]
		p.walk(b.branch, way)
	}
	if !waited || len(s.branches) == 0 {
		p.fault(s, "branches", "there must be at least one that is not best effort")
	}
}

// bestEffort reports whether nobody waits for any sink of a branch.
func bestEffort(steps []*step) bool {
	some := false
	for _, s := range flat(steps) {
		if s.sink != nil {
			if !s.settings.BestEffort {
				return false
			}
			some = true
		}
	}
	return some
}

// fault notes something that is wrong with a step.
func (p *plan) fault(s *step, field, why string) {
	p.faults = append(p.faults, &ergon.ConfigError{Where: p.where(s), Field: field, Why: why})
}

// where says which step it is: "stage 3 Map("price")". What concerns the flow as
// a whole has no number: it may stand anywhere in the chain.
func (p *plan) where(s *step) string {
	if p.isEnding(s) {
		return fmt.Sprintf("%s(%q)", title(s.kind), p.steps[s].Name)
	}
	for i, other := range p.order {
		if other == s {
			return fmt.Sprintf("stage %d %s(%q)", i+1, title(s.kind), p.steps[s].Name)
		}
	}
	return title(s.kind)
}
