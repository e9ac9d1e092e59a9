package ergontest

import (
	"slices"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
)

// caseScript is what is to go wrong in a case and what has happened in it, over all
// its runs: there is more than one where the process dies.
type caseScript struct {
	began  time.Time
	faults []Fault
	fakes  []string
	kinds  map[string]string // of the stages, by their names

	instants *lab.Instants // nil: timers may end together

	mu       sync.Mutex
	roots    map[string]int      // the transactions of the case, by id
	parents  map[string][]string // what children and groups came of
	tries    map[caseTry]int
	came     map[caseTry]bool // faults that came about; of those for all, under ""
	steps    []*caseStep
	failures []lab.Failure
	panics   []error // those that no fault has asked for
	probe    *exploreProbe
}

// caseTry is a fault and whom it is for.
type caseTry struct {
	fault int
	id    string
}

func newScript(ids []string, faults []Fault) *caseScript {
	s := &caseScript{
		began: time.Now(), faults: faults, roots: map[string]int{}, parents: map[string][]string{},
		tries: map[caseTry]int{}, came: map[caseTry]bool{},
	}
	for i, id := range ids {
		s.roots[id] = i
	}
	return s
}

// caseStep is one thing that has happened.
type caseStep struct {
	at      time.Duration
	kind    ergon.Kind
	place   string
	stage   string
	ids     []string
	attempt int
	took    time.Duration
	err     error
	open    bool // the call has not come back
	ended   bool // the process had died when it came back
	faults  []Fault
	mark    caseMark
	text    string // instead of a call
}

// caseMark tells the kinds of steps apart.
type caseMark uint8

const (
	markCall    caseMark = iota
	markFetched          // a transaction was handed out
	markTold             // its source was told a verdict
	markDied             // the process died
	markNote             // anything else
)

// add adds a step.
func (s *caseScript) add(st *caseStep) *caseStep {
	s.mu.Lock()
	defer s.mu.Unlock()
	st.at = time.Since(s.began)
	s.steps = append(s.steps, st)
	return st
}

// cameOf notes that something came of others.
func (s *caseScript) cameOf(id string, of []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parents[id] = of
}

// origins returns which transactions of the case something came of. The lock is
// held.
func (s *caseScript) origins(id string) []int {
	if i, ok := s.roots[id]; ok {
		return []int{i}
	}
	var all []int
	for _, parent := range s.parents[id] {
		all = append(all, s.origins(parent)...)
	}
	return all
}

// isGroup reports whether something is a group. The lock is held.
func (s *caseScript) isGroup(id string) bool {
	of := s.parents[id]
	parent, child := parentOf(id)
	return len(of) > 0 && !(child && len(of) == 1 && of[0] == parent)
}

// concerns reports whether ids came of a transaction of the case. The lock is
// held.
func (s *caseScript) concerns(ids []string, index int) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(s.origins(id), index) })
}

// hits reports whether a fault is planned for a crossing, whichever transaction it
// is for.
func (s *caseScript) hits(f Fault, c crossing) bool {
	name := f.place.name
	switch {
	case c.world && c.kind == ergon.KindDispatch:
		return name == c.place || name == c.stage
	case c.world:
		return name == c.place
	case c.kind == ergon.KindAttempt && s.kinds[c.place] == "dead-letter":
		return false // what makes a letter is not the sink of the same name
	}
	return name == c.place && !slices.Contains(s.fakes, name)
}

// caseCue is what goes wrong in one call.
type caseCue struct {
	faults             []Fault
	stop, crash, after bool
	slow, deaf         time.Duration
	leave              bool // the run is told to stop afterwards
	panics             bool
	value              any
	errs               ergon.ItemErrors // what is refused; nil for nothing
	lost               ergon.ItemErrors // what is done, and told of as failed
}

// cue decides what goes wrong in a call, and counts it.
func (s *caseScript) cue(c crossing) *caseCue {
	q := &caseCue{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if s.hits(f, c) {
			s.cueFault(q, i, c)
		}
	}
	if s.probe != nil {
		s.probe.meet(s, q, c)
	}
	return q
}

// cueFault adds one fault to what goes wrong.
func (s *caseScript) cueFault(q *caseCue, i int, c crossing) {
	f, ids := s.faults[i], c.ids
	if len(ids) == 0 {
		ids = []string{""}
	}
	happens := false
	for at, id := range ids {
		whom, ok := s.meant(f, id)
		if !ok {
			continue
		}
		s.tries[caseTry{i, id}]++
		err, due := f.due(s.tries[caseTry{i, id}])
		if !due {
			continue
		}
		happens = true
		for _, one := range whom {
			s.came[caseTry{i, one}] = true
		}
		q.fail(f.act, at, len(ids), err)
	}
	if happens {
		q.faults = append(q.faults, f)
		q.happen(f)
	}
}

// meant returns the transactions of the case of which something is, if a fault is
// for one of them. The lock is held.
func (s *caseScript) meant(f Fault, id string) (whom []string, ok bool) {
	if len(f.place.nth) == 0 {
		return []string{""}, true
	}
	of := s.origins(id)
	for root, i := range s.roots {
		if slices.Contains(of, i) && slices.Contains(f.place.nth, i) {
			whom = append(whom, root)
		}
	}
	return whom, len(whom) > 0
}

// fail fails the item of an index, of n.
func (q *caseCue) fail(a act, at, n int, err error) {
	errs := &q.errs
	switch a {
	case actError:
	case actStoredBut:
		errs = &q.lost
	default:
		return
	}
	if *errs == nil {
		*errs = make(ergon.ItemErrors, n)
	}
	if (*errs)[at] == nil {
		(*errs)[at] = err
	}
}

// happen adds what a fault does to the whole call.
func (q *caseCue) happen(f Fault) {
	switch f.act {
	case actStop:
		q.stop = true
	case actCrash:
		q.crash = true
	case actCrashAfter:
		q.after = true
	case actSlow:
		q.slow += f.d
	case actDeaf:
		q.deaf += f.d
	case actPanic:
		q.panics, q.value = true, f.value
	case actError, actStoredBut:
	}
}
