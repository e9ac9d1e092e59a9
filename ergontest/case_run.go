package ergontest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/pipeline"
)

// caseRun is a case that is run, as often as its process dies and once more.
type caseRun[T any] struct {
	Case[T]
	*bubble
	caseEnd
	t       *testing.T
	build   func(w *World[T]) pipeline.Pipeline
	source  *Source[T]
	world   *World[T]
	witness *witness
	result  Result
	calm    bool // a panic that nobody has planned is a fault
	probe   *exploreProbe
	repeats bool   // it can be repeated, and goes on after a stop until everything has ended
	also    func() // looks at it too; nil: nobody does
}

// runCase runs a case in a bubble of its own. What is wrong is told as one fault,
// with all that a reader needs.
func runCase[T any](t *testing.T, report func([]string), c Case[T], build func(*World[T]) pipeline.Pipeline) *caseRun[T] {
	t.Helper()
	r := &caseRun[T]{Case: c, build: build}
	r.do(t, report)
	return r
}

func (r *caseRun[T]) do(t *testing.T, report func([]string)) {
	t.Helper()
	tell := func(faults []string) {
		t.Helper()
		if faults = slices.Concat(faults, r.caseEnd.faults); len(faults) > 0 {
			report([]string{r.message(faults)})
		}
	}
	inBubble(t, tell, func(t *testing.T, b *bubble) {
		r.t, r.bubble = t, b
		r.run()
	})
}

func (r *caseRun[T]) run() {
	txs := r.transactions()
	r.ids, r.witness = idsOf(txs), newWitness(nil)
	r.caseScript = newScript(r.ids, r.Faults)
	r.caseScript.probe = r.probe
	if r.repeats {
		r.instants = &lab.Instants{}
	}
	if wrong := r.mistakes(txs); len(wrong) > 0 {
		r.caseEnd.faults = wrong
		return
	}
	r.source = r.Case.source(txs)
	for number := 0; ; number++ {
		died, ended, stopped := r.live()
		switch {
		case !died && !ended:
			return
		case ended && !(r.repeats && stopped && len(r.source.left()) > 0):
			r.judge()
			return
		case number == mostLives:
			r.faultf("the process has died %d times", number+1)
			return
		}
		r.source.outlive()
	}
}

// mostLives bounds how often a process may die in a case.
const mostLives = 1000

// live runs the pipeline once. It reports whether the process has died, or else
// whether the run has come to an end, and whether a fault told it to.
func (r *caseRun[T]) live() (died, ended, stopped bool) {
	ctx, stop := context.WithCancel(context.WithValue(r.t.Context(), witnessKey{}, r.witness))
	defer stop()
	r.witness.stop = stop
	l := r.caseScript.life(ctx, stop)
	defer l.die()
	p := r.build(r.connected(l))
	if !r.begins(p.Topology()) {
		return false, false, false
	}
	one := &runner{settings: r.settings(time.Since(r.began)), bubble: r.bubble}
	began := time.Now()
	ended = one.conduct(l.context(ctx), p, stop)
	r.result.Took += time.Since(began)
	if !ended {
		return false, false, false
	}
	if l.gone.Load() {
		r.result.Took -= time.Since(l.at)
		return true, false, false
	}
	one.Ledger = p.Ledger()
	one.fails = one.fails || r.repeats && l.told.Load() && stopExplains(one.Err)
	one.judge()
	r.result.Err, r.result.Ledger = one.Err, one.Ledger
	r.testify()
	return false, true, l.told.Load()
}

// testify adds what the witness has found in the runs up to now.
func (r *caseRun[T]) testify() {
	for _, err := range r.witness.verdict(r.result.Ledger) {
		if text := err.Error(); !slices.Contains(r.bubble.faults, text) {
			r.faultf("%s", text)
		}
	}
}

// stopExplains reports whether a stop is why a run has returned an error: it need
// not wait for everything, and a source that does not answer cannot be told.
func stopExplains(err error) bool {
	var drain *pipeline.DrainError
	var unsettled *pipeline.UnsettledError
	return errors.As(err, &drain) || errors.As(err, &unsettled)
}

// connected returns the World of a run.
func (r *caseRun[T]) connected(l *caseLife) *World[T] {
	if r.world == nil {
		r.world = newWorld(r.source.in(l), l)
		r.world.T = r.t
	} else {
		r.world = r.world.anew(r.source.in(l), l)
	}
	return r.world
}

// begins prepares for a run of the pipeline as it is built, and returns false where
// the case names what is not there.
func (r *caseRun[T]) begins(graph pipeline.Topology) bool {
	r.witness.knows(graph)
	r.stores, r.fakes, r.kinds = r.world.stores, r.world.fakes, shapeOf(graph).kinds
	for _, fault := range r.world.faults {
		r.faultf("%s", fault)
	}
	there := r.places()
	missing := func(who, name string) {
		if !slices.Contains(there, name) {
			r.faultf("%s: there is no %q in the pipeline, only %q", who, name, there)
		}
	}
	for _, f := range r.Faults {
		missing(f.String(), f.place.name)
	}
	for _, w := range r.Want {
		if w == nil {
			continue
		}
		for _, name := range w.names() {
			missing("Want", name)
		}
	}
	return len(r.bubble.faults) == 0
}

// places returns the names of all places there are.
func (r *caseRun[T]) places() []string {
	var names []string
	for name, kind := range r.kinds {
		if kind != "fork" && kind != "group" { // they call nothing
			names = append(names, name)
		}
	}
	for _, s := range r.stores {
		names = append(names, s.place())
	}
	names = append(append(names, r.fakes...), fetchPlace, settlePlace)
	slices.Sort(names)
	return slices.Compact(names)
}

// judge compares what has come of the case with what it wants.
func (r *caseRun[T]) judge() {
	if r.calm {
		for _, err := range r.panics {
			r.notef(nil, "a function panicked: %v", err)
		}
	}
	r.judgeErr()
	r.judgeFaults()
	r.judgeSettled()
	if r.Took != 0 && r.Took != r.result.Took {
		r.differ(nil, "the time taken", r.Took.String(), r.result.Took.String())
	}
	for _, w := range r.Want {
		if w != nil {
			w.check(&r.caseEnd)
		}
	}
	if r.also != nil {
		r.also()
	}
}

// judgeErr compares what the run returned with what the case wants.
func (r *caseRun[T]) judgeErr() {
	want, got := r.Err, r.result.Err
	if want == nil || got == nil || errors.Is(got, want) || strings.Contains(got.Error(), want.Error()) {
		return
	}
	r.differ(nil, "the error of the run", want.Error(), got.Error())
}

// judgeFaults finds faults that never came about.
func (r *caseRun[T]) judgeFaults() {
	for i, f := range r.Faults {
		if f.maybe {
			continue
		}
		if len(f.place.nth) == 0 && !r.came[caseTry{i, ""}] {
			r.notef(nil, "%v never came about", f)
		}
		for _, n := range f.place.nth {
			if !r.came[caseTry{i, r.ids[n]}] {
				r.notef([]int{n}, "%v never came about for transaction %d", f, n)
			}
		}
	}
}

func (r *caseRun[T]) judgeSettled() {
	last := r.source.last()
	for i, want := range r.Settled {
		got := "nothing"
		if v, told := last[r.source.parcels[i]]; told {
			got = v.String()
		}
		if got != want.String() {
			r.differ([]int{i}, "what the source was told last", want.String(), got)
		}
	}
}
