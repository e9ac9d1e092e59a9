package ergontest

import (
	"fmt"

	"github.com/ergon-go/ergon"
)

// simOutput is one thing that comes of an input, and where it is stored.
type simOutput struct {
	place string
	input int
	path  string
}

// simExcuse says that something that came of an input is not wanted.
type simExcuse struct {
	place string // of the sink that does not want it; empty: nobody does
	input int
	path  string
}

func (e simExcuse) covers(o simOutput) bool {
	within := o.path == e.path || len(o.path) > len(e.path) && o.path[:len(e.path)] == e.path
	return e.input == o.input && within && (e.place == "" || e.place == o.place)
}

// sawDispatch enters what a sink has stored, and what it has reported as stored.
func (s *simRun) sawDispatch(x *simCall) {
	var kept []string
	reported := ergon.ItemErrorsOf(x.err, len(x.ids))
	for i, id := range x.ids {
		leaves := s.lineage.of(id)
		if leaves == nil {
			s.faultf(-1, "%q was handed to %s, and was never fetched", id, x.place)
		}
		if !x.made || x.refused != nil && x.refused[i] != nil {
			continue
		}
		kept = append(kept, id)
		sound := reported == nil || reported[i] == nil
		for _, leaf := range leaves {
			s.store(x, simOutput{x.place, leaf.input, leaf.path}, id, sound)
		}
	}
	if len(kept) > 0 {
		s.note("stored", x.place, kept, nil)
	}
}

// store enters one thing that is stored.
func (s *simRun) store(x *simCall, o simOutput, id string, sound bool) {
	s.storings++
	if x.node.calm {
		return // it may be left out
	}
	s.stored[o]++
	if s.stored[o] > 1 {
		s.duplicates++
	}
	if sound {
		s.sound[o]++
	}
	if s.reference == nil {
		return
	}
	if o.place == DeadLetters {
		s.checkLetter(o)
		s.dead[o.input] = true
		return
	}
	times := s.expected(o)
	if times == 0 {
		s.faultf(o.input, "%q was stored in %s, which has nothing of it where nothing goes wrong", id, o.place)
		return
	}
	if most := times * s.handed[o.input]; s.sound[o] > most {
		s.faultf(o.input, "%q was stored in %s %d times, each reported as stored, and its transaction was handed out %d times",
			id, o.place, s.sound[o], s.handed[o.input])
	}
}

// checkLetter looks at a dead letter: something must have gone wrong for it.
func (s *simRun) checkLetter(o simOutput) {
	for _, a := range s.open[o.input] {
		if a.failed {
			return
		}
	}
	if len(s.open[o.input]) > 0 && s.expected(o) == 0 {
		s.faultf(o.input, "%q became a dead letter, though nothing of it had failed", s.ids[o.input])
	}
}

// expected returns how often something is stored where nothing goes wrong.
func (s *simRun) expected(o simOutput) int {
	times := 0
	for i, rep := range s.reps {
		if rep == o.input {
			times = max(times, s.reference.outputs[i][simWhere{o.place, o.path}])
		}
	}
	return times
}

// checkVerdict looks at what an account has come to.
func (s *simRun) checkVerdict(t *simTurn, r *simReceipt, v simVerdict) {
	a := r.account
	id, input := s.ids[r.delivery.Item], s.reps[r.delivery.Item]
	if a == nil {
		s.faultf(input, "%q was settled %v before it was in flight", id, v.Verdict)
		return
	}
	switch v.Verdict {
	case ergon.Returned:
		if !a.failed {
			s.faultf(input, "%q was returned, though nothing of it had failed", id)
		}
		if v.delay <= 0 && !a.asked {
			s.faultf(input, "%q was returned to come again at once", id)
		}
	case ergon.Released:
		if t.drain.IsZero() && !t.fatal {
			s.faultf(input, "%q was released, though nobody has stopped anything", id)
		}
	case ergon.DeadLettered:
		if !a.failed && s.reference != nil && !s.reference.setAside[r.delivery.Item] {
			s.faultf(input, "%q was dead-lettered, though nothing of it had failed", id)
		}
	case ergon.Acked:
	}
	if v.delay != 0 && v.Verdict != ergon.Returned {
		s.faultf(input, "%q was settled %v with a delay", id, v.Verdict)
	}
}

// checkEnd looks at what will never be handed out again.
func (s *simRun) checkEnd(r *simReceipt, v simVerdict) {
	input, item := s.reps[r.delivery.Item], r.delivery.Item
	switch {
	case s.reference == nil:
		if v.Verdict == ergon.DeadLettered {
			s.asides = append(s.asides, item)
		}
		return
	case v.Verdict == ergon.DeadLettered, s.dead[input], r.account != nil && r.account.handled:
		return
	}
	for _, where := range s.reference.order[item] {
		o := simOutput{where.place, input, where.path}
		if s.stored[o] > 0 || s.excused(o) {
			continue
		}
		s.faultf(input, "%q was acked, and %s is not in %s", s.ids[item], outputName(s.ids[item], where.path), where.place)
		return
	}
}

func outputName(id, path string) string {
	if path == "" {
		return "it"
	}
	return fmt.Sprintf("%q", id+path)
}

func (s *simRun) excused(o simOutput) bool {
	for _, e := range s.excuses {
		if e.covers(o) {
			return true
		}
	}
	return false
}

// checkAll looks, when everything has come to its end, for what was lost.
func (s *simRun) checkAll() {
	for i := range s.n {
		if !s.broker.Done(i) {
			s.faultf(s.reps[i], "%q has not come to an end, though nothing goes wrong any more", s.ids[i])
		}
	}
}
