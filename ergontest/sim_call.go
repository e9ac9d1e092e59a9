package ergontest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest/internal/faults"
	"github.com/ergon-go/ergon/pipeline"
)

// simCall is one call of a stage, a fake, a handler or a sink.
type simCall struct {
	crossing
	turn     *simTurn
	node     simNode
	key      string // of its place and first id
	nth      int    // attempt of that
	inputs   []int
	fault    faults.Kind
	accounts []*simAccount
	refused  ergon.ItemErrors
	made     bool // the work was done
	err      error
	returned bool
}

// nested reports whether a call is part of another that has been looked at: a fake,
// or a sink that a stage calls itself.
func (x *simCall) nested() bool {
	return x.kind == 0 || x.kind == ergon.KindDispatch && x.node.kind != "sink" && x.node.kind != "dead-letter"
}

// mostAtOnce is how often one thing may be called at one instant.
const mostAtOnce = 300

// enter is the beginning of a call; nil: nobody is there any more to make it.
func (s *simRun) enter(ctx context.Context, t *simTurn, c crossing) *simCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step(t)
	if t.dead {
		return nil
	}
	x := &simCall{crossing: c, turn: t, fault: faults.Kinds, key: c.place}
	x.node = t.kinds[c.stage]
	if len(c.ids) > 0 {
		x.key += " " + c.ids[0]
	}
	s.tries[x.key]++
	x.nth = s.tries[x.key]
	x.inputs = s.lineage.inputsOf(c.ids)
	for _, i := range x.inputs {
		x.accounts = append(x.accounts, s.open[i]...)
	}
	t.calling++
	s.checkCall(ctx, x)
	if t.dead {
		return nil
	}
	s.choose(x)
	s.note("call", c.place, c.ids, simNote{x.nth, x.fault})
	return x
}

// simNote is what the history says of a call.
type simNote struct {
	nth   int
	fault faults.Kind
}

func (n simNote) String() string {
	if n.fault == faults.Kinds {
		return "#" + strconv.Itoa(n.nth)
	}
	return "#" + strconv.Itoa(n.nth) + " [" + n.fault.String() + "]"
}

// checkCall holds a call against what may be called at all, and when.
func (s *simRun) checkCall(ctx context.Context, x *simCall) {
	t, now := x.turn, time.Now()
	s.countCall(x.key, x.ids)
	if x.nested() {
		return
	}
	if errors.Is(context.Cause(ctx), pipeline.ErrDrainTimeout) {
		s.faultf(first(x.inputs), "%s was called for %s after the end of the drain", x.place, some(x.ids))
	}
	if h := t.holds[x.stage]; now.After(h.since) && now.Before(h.until) && x.node.kind != "dead-letter" && t.drain.IsZero() && t.limits.Transaction == 0 {
		s.faultf(first(x.inputs), "%s was called for %s at a time when it was to hold", x.place, some(x.ids))
	}
	for _, id := range x.ids {
		key := x.place + " " + id
		if x.node.calm {
			continue // it has accounts that nobody sees
		}
		if w := t.waits[key]; now.Before(w.until) && s.alone(id) && w.seq == s.seqOf(id) {
			s.faultf(first(x.inputs), "%s was called again for %q without the wait that was asked for", x.place, id)
		}
		if t.busy[key] > 0 && s.alone(id) {
			s.faultf(first(x.inputs), "%s was called for %q while another call for it went on", x.place, id)
		}
		t.busy[key]++
	}
	s.checkOrder(x)
}

// countCall counts calls at one instant, and finds a loop without a wait.
func (s *simRun) countCall(what string, ids []string) {
	t, now := s.turn, time.Now()
	if !now.Equal(t.instant) || t.calls == nil {
		t.instant, t.calls = now, map[string]int{}
	}
	t.calls[what]++
	if t.calls[what] == mostAtOnce {
		s.faultf(first(s.lineage.inputsOf(ids)), "%s: %d calls at one instant: a loop without a wait", what, mostAtOnce)
	}
}

// alone reports whether what an id came of is in flight once only, and always was,
// so that nothing else can be taken for it.
func (s *simRun) alone(id string) bool {
	for _, leaf := range s.lineage.of(id) {
		if all := s.open[leaf.input]; len(all) != 1 || all[0].lost || all[0].shared {
			return false
		}
	}
	return true
}

func first(inputs []int) int {
	if len(inputs) == 0 {
		return -1
	}
	return inputs[0]
}

// leave is the end of a call, however it ended.
func (s *simRun) leave(ctx context.Context, x *simCall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := x.turn
	t.calling--
	if !x.nested() && !x.node.calm {
		for _, id := range x.ids {
			t.busy[x.place+" "+id]--
		}
	}
	if t.dead {
		return
	}
	if x.err != nil || !x.returned {
		s.note("error", x.place, x.ids, x.err)
	}
	if x.kind == ergon.KindDispatch {
		s.sawDispatch(x)
	}
	s.sawAnswer(ctx, x)
}

// sawAnswer notes what the answer of a call means for what it was for.
func (s *simRun) sawAnswer(ctx context.Context, x *simCall) {
	if x.err == nil {
		return
	}
	if x.nested() {
		s.sawFake(x)
		return
	}
	cancelled := errors.Is(context.Cause(ctx), pipeline.ErrDrainTimeout)
	if errors.Is(context.Cause(ctx), ergon.ErrLeaseLost) {
		for _, a := range x.accounts {
			a.lost = true
		}
	}
	errs := ergon.ItemErrorsOf(x.err, len(x.ids))
	for i, err := range errs {
		if err == nil {
			continue
		}
		steering, d := ergon.SteeringOf(err)
		switch {
		case x.kind == ergon.KindHandler && steering != ergon.SteerFatal:
		case steering == ergon.SteerDrop:
			s.excuse(x, x.ids[i])
		case steering == ergon.SteerFatal:
			x.turn.fatal = true
		case steering == ergon.SteerHold && s.alone(x.ids[i]):
			s.hold(x, d)
		case steering == ergon.SteerRetryAfter:
			s.wait(x, x.ids[i], d)
		case steering == ergon.SteerRetry:
			s.wait(x, x.ids[i], 1)
		}
		for _, a := range s.accountsOf(x.ids[i]) {
			a.fail(x, err, cancelled)
		}
	}
}

// sawFake notes what the answer of a nested call may come to: a FlatMap may fail a
// child alone with it, which nobody else sees.
func (s *simRun) sawFake(x *simCall) {
	steering, _ := ergon.SteeringOf(x.err)
	for _, id := range x.ids {
		for _, a := range s.accountsOf(id) {
			a.fail(x, x.err, false)
		}
		if steering == ergon.SteerDrop {
			s.excuse(x, id)
		}
	}
	x.turn.fatal = x.turn.fatal || steering == ergon.SteerFatal
}

// simHold is a time in which a stage is to hold. What begins at its first instant
// may have been on its way.
type simHold struct{ since, until time.Time }

// hold notes that a stage is not to be called before a while has passed.
func (s *simRun) hold(x *simCall, d time.Duration) {
	now := time.Now()
	h := x.turn.holds[x.stage]
	if !now.Before(h.until) {
		h.since = now
	}
	if until := now.Add(d); until.After(h.until) {
		h.until = until
	}
	x.turn.holds[x.stage] = h
}

// simWait is a wait before something is tried again.
type simWait struct {
	until time.Time
	seq   int64 // of the account that it is for
}

// wait notes that something is not to be tried again before a while has passed.
func (s *simRun) wait(x *simCall, id string, d time.Duration) {
	if s.alone(id) {
		x.turn.waits[x.place+" "+id] = simWait{time.Now().Add(d), s.seqOf(id)}
	}
}

// seqOf returns the place in the order of fetching of what is in flight alone.
func (s *simRun) seqOf(id string) int64 {
	for _, leaf := range s.lineage.of(id) {
		return s.open[leaf.input][0].seq
	}
	return -1
}

// excuse notes that something is not wanted any more.
func (s *simRun) excuse(x *simCall, id string) {
	for _, leaf := range s.lineage.of(id) {
		e := simExcuse{input: leaf.input, path: leaf.path}
		if x.kind == ergon.KindDispatch {
			e.place = x.place
		}
		if x.node.kind != "filter" && !slices.Contains(s.excuses, e) {
			s.excuses = append(s.excuses, e)
		}
	}
}

func (s *simRun) accountsOf(id string) []*simAccount {
	var all []*simAccount
	for _, leaf := range s.lineage.of(id) {
		all = append(all, s.open[leaf.input]...)
	}
	return all
}
