package ergontest

import (
	"context"
	"errors"
	"time"

	"github.com/ergon-go/ergon"
)

// simAccount is one transaction in flight, as the observers see it.
type simAccount struct {
	receipt *simReceipt
	turn    *simTurn
	input   int // the first of its id
	seq     int64
	failed  bool           // something that came of it failed, and not because of a stop
	asked   bool           // it was asked for that it is given back
	handled bool           // OnError has dealt with it
	lost    bool           // its lease
	shared  bool           // the same input was in flight another time meanwhile
	taken   bool           // the source has taken it back, because of a fault
	began   map[string]int // the call in which something of it had its first turn, by where
}

// fail notes that an attempt on something of it failed.
func (a *simAccount) fail(x *simCall, err error, cancelled bool) {
	if !cancelled {
		a.failed = true
	}
	if steering, _ := ergon.SteeringOf(err); steering == ergon.SteerReturn || x.kind == ergon.KindHandler {
		a.asked = true
	}
	if errors.Is(err, ergon.ErrLeaseLost) {
		a.lost = true
	}
}

// simWatch is the observer of a turn.
type simWatch struct {
	run  *simRun
	turn *simTurn
}

// Begin sees something begin.
func (w simWatch) Begin(ctx context.Context, e *ergon.Event) context.Context {
	s, t := w.run, w.turn
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step(t)
	if t.dead {
		return ctx
	}
	switch e.Kind {
	case ergon.KindTransaction:
		return context.WithValue(ctx, simAccountKey{}, s.open1(t, e.ID))
	case ergon.KindFetch:
		if most := t.limits.InFlight - t.inFlight; e.N > most {
			s.faultf(-1, "%d were to be fetched, with %d in flight of at most %d", e.N, t.inFlight, t.limits.InFlight)
		}
	case ergon.KindDrain:
		t.stopped, t.drain = true, time.Now()
		s.note("drain", "", nil, e.Err)
	}
	return ctx
}

// End sees something end.
func (w simWatch) End(ctx context.Context, e *ergon.Event) {
	s, t := w.run, w.turn
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step(t)
	if t.dead {
		return
	}
	a, _ := ctx.Value(simAccountKey{}).(*simAccount)
	switch {
	case e.Kind == ergon.KindTransaction && a != nil:
		s.close(a, e)
	case e.Kind == ergon.KindHandler && a != nil:
		a.handled = a.handled || e.Err == nil && e.Verdict == ergon.Acked
		t.fatal = t.fatal || e.Verdict == ergon.Released
		a.asked = true // by then, a failure is in the hands of the user
	case e.Kind == ergon.KindAttempt && a != nil && e.Err != nil:
		a.failed = true // a limiter, say
	case e.Kind == ergon.KindViolation:
		s.note("violation", e.Stage, nil, e.Err)
	}
}

// open1 opens the account of what was just fetched.
func (s *simRun) open1(t *simTurn, id string) *simAccount {
	if len(t.arriving) == 0 {
		s.faultf(-1, "%q is in flight, and was not fetched", id)
		return &simAccount{receipt: &simReceipt{}, turn: t}
	}
	r := t.arriving[0]
	t.arriving = t.arriving[1:]
	a := &simAccount{receipt: r, turn: t, input: s.reps[r.delivery.Item], seq: t.seq}
	r.account = a
	t.seq++
	t.inFlight++
	switch {
	case r.id == "":
		s.lineage.inputs[id] = a.input
	case r.id != id:
		s.faultf(a.input, "%q was fetched, and %q is in flight", r.id, id)
	}
	s.open[a.input] = append(s.open[a.input], a)
	for _, other := range s.open[a.input] {
		other.shared = other.shared || len(s.open[a.input]) > 1
	}
	return a
}

// close closes an account. Once nothing is left at all, a pipeline that streams is
// told so.
func (s *simRun) close(a *simAccount, e *ergon.Event) {
	a.turn.inFlight--
	all := s.open[a.input]
	for i := range all {
		if all[i] == a {
			s.open[a.input] = append(all[:i:i], all[i+1:]...)
			break
		}
	}
	if r := a.receipt; e.Err == nil && !r.told {
		s.faultf(a.input, "%q counts as settled %v, and the source has not said so", s.ids[r.delivery.Item], e.Verdict)
	}
	s.note("settled", e.Verdict.String(), []string{s.ids[a.receipt.delivery.Item]}, nil)
	if a.turn.inFlight == 0 && s.broker.Left() == 0 {
		a.turn.stopped = true
		a.turn.stop()
	}
}

// step counts what happens, until the turn meets its fate.
func (s *simRun) step(t *simTurn) {
	t.events++
	if t.events == t.fateAt && !t.over && !t.dead {
		s.meet(t)
	}
}
