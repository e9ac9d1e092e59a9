package ergontest

import (
	"fmt"
	"slices"

	"github.com/ergon-go/ergon"
)

// base returns the case that all runs of an exploration are.
func (x *exploration[T]) base(name string) Case[T] {
	return Case[T]{
		Name: name, In: x.In, Transactions: x.Transactions, Faults: slices.Clone(x.Faults), Want: x.Want,
		Once: x.Once, Lease: x.Lease, Within: x.Within,
	}
}

// learn runs the pipeline without a further fault, and notes what is crossed and
// what comes of each input. It returns false where that went wrong.
func (x *exploration[T]) learn(report func([]string)) bool {
	x.t.Helper()
	r := &caseRun[T]{Case: x.base("Explore, without a fault"), build: x.build, repeats: true}
	var faults []string
	r.do(x.t, func(f []string) { faults = f })
	if len(faults) > 0 {
		report(faults)
		return false
	}
	if len(r.ids) == 0 {
		report([]string{"Explore: there is nothing In"})
		return false
	}
	x.boundaries = boundariesOf(&r.caseEnd)
	x.reference = r.outputs()
	x.spares = map[string]bool{}
	for _, s := range r.steps {
		if s.kind == ergon.KindDispatch && r.witness.shape.calm[s.stage] {
			x.spares[s.place] = true
		}
	}
	return true
}

// boundariesOf returns what was crossed, in order.
func boundariesOf(o *caseEnd) []exploreBoundary {
	var all []exploreBoundary
	met := map[string]int{}
	brought := false
	for i, s := range o.steps {
		kind := o.kinds[s.place]
		if s.mark != markCall || kind == "group" {
			continue
		}
		ids := s.ids
		if s.kind == ergon.KindFetch {
			ids = []string{""}
		}
		for n, id := range ids {
			group := o.isGroup(id)
			if group {
				id = o.ids[o.origins(id)[0]]
			}
			key := fmt.Sprintf("%d|%s|%s|%v", s.kind, s.place, id, group)
			met[key]++
			if s.kind == ergon.KindFetch && brought && !bringsSome(o.steps[i+1:]) {
				continue
			}
			all = append(all, exploreBoundary{call: s.kind, place: s.place, what: kind, id: id, group: group, nth: met[key], first: n == 0})
		}
		if s.kind == ergon.KindFetch && !bringsSome(o.steps[i+1:]) {
			brought = true
		}
	}
	return all
}

// bringsSome reports whether a fetch brings something, given what happened after its
// beginning.
func bringsSome(after []*caseStep) bool {
	for _, s := range after {
		if s.mark == markFetched {
			return true
		}
		if s.mark == markCall && s.kind == ergon.KindFetch {
			return false
		}
	}
	return false
}

// try runs the pipeline with one fault.
func (x *exploration[T]) try(p *exploreProbe) []string {
	x.t.Helper()
	r := &caseRun[T]{Case: x.base(fmt.Sprintf("Explore: %s at %v", p.kind, p.exploreBoundary)), build: x.build, probe: p, repeats: true}
	for i := range r.Faults {
		r.Faults[i].maybe = true // something else may have gone wrong before
	}
	r.also = func() { x.judge(r, p) }
	var faults []string
	r.do(x.t, func(f []string) { faults = f })
	x.result.Tried++
	if p.reached {
		x.result.Reached++
	}
	for i := range faults {
		faults[i] += "\n\ttry it alone with: " + x.command(p)
	}
	return faults
}
