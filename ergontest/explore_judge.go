package ergontest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/ergon-go/ergon"
)

// lineage returns what every id of a case came of.
func (o *caseEnd) lineage() simLineage {
	inputs := make([]int, len(o.ids))
	for i := range inputs {
		inputs[i] = i
	}
	l := newSimLineage(o.ids, inputs)
	for id, of := range o.parents {
		if o.isGroup(id) {
			l.groups[id] = of
		}
	}
	return l
}

// outputs returns what is in the sinks, by the transaction of the case that it came
// of.
func (o *caseEnd) outputs() []map[simWhere]bool {
	all := make([]map[simWhere]bool, len(o.ids))
	for i := range all {
		all[i] = map[simWhere]bool{}
	}
	l := o.lineage()
	for _, s := range o.stores {
		for _, id := range s.IDs() {
			for _, leaf := range l.of(id) {
				all[leaf.input][simWhere{s.place(), leaf.path}] = true
			}
		}
	}
	return all
}

// judge looks at a run in which one thing went wrong.
func (x *exploration[T]) judge(r *caseRun[T], p *exploreProbe) {
	if left := r.source.left(); len(left) > 0 {
		r.notef(r.of(left), "this has not ended: %s", some(left))
	}
	meant := r.of(p.ids)
	got := r.outputs()
	for i := range r.ids {
		hit := slices.Contains(meant, i)
		excused := hit && r.failedOnce(i) && r.setAside(i)
		for _, where := range sortedWhere(x.reference[i]) {
			if !got[i][where] && !excused && !x.spare(r, where.place) {
				r.notef([]int{i}, "lost: %v", where.of(r.ids[i]))
			}
		}
		for _, where := range sortedWhere(got[i]) {
			if !x.reference[i][where] && !(hit && where.place == DeadLetters) && !x.spare(r, where.place) {
				r.notef([]int{i}, "unexpected: %v", where.of(r.ids[i]))
			}
		}
		if n := r.fetched(i); n > 1 && !hit && !p.ends() && len(x.Faults) == 0 {
			r.notef([]int{i}, "%q was handed out %d times, though nothing was wrong with it", r.ids[i], n)
		}
	}
	x.judgeDuplicates(r)
}

// spare reports whether nobody waits for what goes to a sink.
func (x *exploration[T]) spare(r *caseRun[T], place string) bool {
	return x.spares[place] || place == DeadLetters && r.result.Ledger.BestEffort > 0
}

// of names what a transaction comes to somewhere.
func (w simWhere) of(id string) string { return fmt.Sprintf("%q in %q", id+w.path, w.place) }

func sortedWhere(set map[simWhere]bool) []simWhere {
	return slices.SortedFunc(maps.Keys(set), func(a, b simWhere) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.path, b.path))
	})
}

// failedOnce reports whether a transaction of the case has failed for good.
func (o *caseEnd) failedOnce(index int) bool {
	for _, f := range o.failures {
		if o.concerns([]string{f.ID}, index) {
			return true
		}
	}
	return false
}

// setAside reports whether a transaction was set aside, or dealt with by OnError.
func (r *caseRun[T]) setAside(index int) bool {
	id := r.ids[index]
	v, told := r.source.last()[r.source.parcels[index]]
	return told && v == ergon.DeadLettered || r.witness.deals(id)
}

// judgeDuplicates looks for what was stored more often than it may be.
func (x *exploration[T]) judgeDuplicates(r *caseRun[T]) {
	total := 0
	for _, s := range r.stores {
		again := map[string]int{}
		for _, id := range s.Duplicates() {
			again[id]++
			total++
		}
		if x.Duplicates != 0 {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(again)) {
			if most := r.chances(s.place(), id); again[id] > most {
				r.notef(r.of([]string{id}), "%q is in %q, and came %d times more, where it may come %d times", id, s.place(), again[id], most)
			}
		}
	}
	if most := max(x.Duplicates, 0); x.Duplicates != 0 && total > most {
		r.notef(nil, "%d times a sink got what it had stored before, and may %d times", total, most)
	}
}

// chances returns how often a sink may be handed something again that it has stored:
// once for each time that it was handed out again, and each time the sink said that
// it had failed.
func (o *caseEnd) chances(place, id string) int {
	n := 0
	for _, i := range o.origins(id) {
		n = max(n, o.fetched(i)-1)
	}
	for _, s := range o.steps {
		lost := func(f Fault) bool { return f.act == actStoredBut }
		if s.place == place && s.mark == markCall && slices.Contains(s.ids, id) && slices.ContainsFunc(s.faults, lost) {
			n++
		}
	}
	return n
}

// fetched returns how often a transaction of the case was handed out.
func (o *caseEnd) fetched(index int) int {
	n := 0
	for _, s := range o.steps {
		if s.mark == markFetched && s.ids[0] == o.ids[index] {
			n++
		}
	}
	return n
}
