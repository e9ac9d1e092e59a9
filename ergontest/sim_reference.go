package ergontest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon/ergontest/internal/faults"
	"github.com/ergon-go/ergon/pipeline"
)

// simReference is what a pipeline does where nothing goes wrong.
type simReference struct {
	outputs  []map[simWhere]int // of each input, how often
	order    [][]simWhere       // the same, in order
	setAside map[int]bool       // what the source is asked to set aside
	events   int
	err      error
}

// simWhere is one thing that comes of an input.
type simWhere struct{ place, path string }

// learn finds out what comes of each input, and that it is the same every time.
func (s *simulation[T]) learn() []string {
	first, found := s.learnOnce(0)
	if len(found) > 0 {
		return found
	}
	second, found := s.learnOnce(1)
	if len(found) > 0 {
		return found
	}
	for i := range first.order {
		if !slices.Equal(first.order[i], second.order[i]) {
			return []string{fmt.Sprintf("transaction %d comes to %v, and the next time to %v: a pipeline has to do the same for the same",
				i, first.order[i], second.order[i])}
		}
	}
	if len(first.setAside) == 0 && !slices.ContainsFunc(first.order, func(came []simWhere) bool { return len(came) > 0 }) {
		return []string{"nothing came to a sink of the World, so that nothing can be held against it: the pipeline has to take from World.Source, and to end in World.Sink"}
	}
	s.reference = first
	return nil
}

func (s *simulation[T]) learnOnce(seed uint64) (*simReference, []string) {
	run := s.simulate(seed, &faults.Plan{}, s.config.N, nil)
	ref := &simReference{outputs: make([]map[simWhere]int, s.config.N), order: make([][]simWhere, s.config.N), setAside: map[int]bool{}}
	for i := range ref.outputs {
		ref.outputs[i] = map[simWhere]int{}
	}
	for o, n := range run.stored {
		where := simWhere{o.place, o.path}
		ref.outputs[o.input][where] = n
		ref.order[o.input] = append(ref.order[o.input], where)
	}
	for i := range ref.order {
		slices.SortFunc(ref.order[i], func(a, b simWhere) int {
			return strings.Compare(a.place+" "+a.path, b.place+" "+b.path)
		})
	}
	for _, i := range run.asides {
		ref.setAside[i] = true
	}
	ref.events, ref.err = max(1, run.events), run.err
	return ref, run.faults
}

// run simulates one seed.
func (s *simulation[T]) run(seed uint64) *simRun { return s.runSmall(seed, s.config.N, nil) }

// runSmall simulates one seed with the first n transactions, without some kinds of
// faults.
func (s *simulation[T]) runSmall(seed uint64, n int, less []faults.Kind) *simRun {
	return s.simulate(seed, faults.New(seed).Without(less...), n, s.reference)
}

// simulate runs a pipeline in a world of its own, again and again, until
// everything has ended there.
func (s *simulation[T]) simulate(seed uint64, plan *faults.Plan, n int, ref *simReference) *simRun {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = s.config.key(i)
	}
	run := &simRun{seed: seed, blamed: -1}
	inBubble(s.t, func(found []string) { run.faults = append(run.faults, found...) }, func(t *testing.T, b *bubble) {
		run = newSimRun(seed, plan, keys, s.config.Broker)
		run.reference, run.keyed = ref, s.config.Key != nil
		world := newWorld(sourceOf(run, s.config.Make), run)
		world.T = t
		run.live(t, func() pipeline.Pipeline { return s.build(world) }, s.config.Within)
		time.Sleep(afterlife) // code that is deaf to its context has come back by then
		run.took = time.Since(run.began) - afterlife
	})
	return run
}
