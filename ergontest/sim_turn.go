package ergontest

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest/internal/faults"
	"github.com/ergon-go/ergon/pipeline"
)

const (
	wellAfter   = 20 * time.Minute // of virtual time in which things go wrong, in one turn
	mostWell    = 12               // turns in which nothing goes wrong, before everything must have ended
	mostFaulty  = 5                // turns in which things go wrong
	longestIdle = 6 * time.Minute
)

// fate decides how a turn ends that does not end by itself.
func (s *simRun) fate(t *simTurn) {
	t.fate = faults.Kinds
	if t.well || s.reference == nil {
		return
	}
	for _, k := range []faults.Kind{faults.Crash, faults.Stop, faults.Freeze} {
		if s.plan.Number(k, "fate", t.number, 3) == 0 && s.plan.Hits(k, "fate", t.number) {
			t.fate = k
			t.fateAt = 1 + int(s.plan.Number(k, "when", t.number, uint64(s.reference.events)))
			return
		}
	}
}

// meet is the moment at which a turn is stopped, or dies.
func (s *simRun) meet(t *simTurn) {
	s.injected[t.fate]++
	s.note("fate", "", nil, t.fate)
	switch t.fate {
	case faults.Crash:
		s.crashes++
		t.dead = true
		s.broker.Connect(false)
	case faults.Freeze:
		t.frozen = true
		s.stops++
	default:
		s.stops++
	}
	t.stopped = true
	t.stop()
}

// begin begins a turn.
func (s *simRun) begin(number int, well bool, stop func()) *simTurn {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &simTurn{
		number: number, well: well, healthy: well, stop: stop, busy: map[string]int{}, turns: map[string]simTurns{},
		holds: map[string]simHold{}, waits: map[string]simWait{},
	}
	s.turn, s.open, s.excuses = t, map[int][]*simAccount{}, nil
	s.fate(t)
	s.turns++
	s.note("start", "", nil, nil)
	return t
}

// conduct runs a pipeline once, from its start to its end.
func (s *simRun) conduct(ctx context.Context, p pipeline.Pipeline, t *simTurn, streaming bool, within time.Duration) {
	t.kinds, t.streaming = simNodes(p.Topology()), streaming
	sick := time.AfterFunc(s.instants.Apart(wellAfter), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		t.well = true
	})
	defer sick.Stop()
	ctx = s.inSim(ctx, t)
	done := async(func() error {
		if streaming {
			return p.Stream(ctx)
		}
		return p.Run(ctx)
	})
	late := time.NewTimer(s.instants.Apart(within))
	defer late.Stop()
	select {
	case err := <-done:
		s.finish(t, p, err)
		return
	case <-late.C:
	}
	s.mu.Lock()
	s.faultf(-1, "the pipeline has not ended within %v; %v", within, p.Ledger())
	s.mu.Unlock()
	t.stop()
	select {
	case <-done:
	case <-time.After(within):
	}
}

// finish judges a turn that has ended.
func (s *simRun) finish(t *simTurn, p pipeline.Pipeline, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.over = true
	s.err = err
	s.events += t.events
	s.note("end", "", nil, err)
	dead := t.dead
	if !dead {
		s.judge(t, p.Ledger(), err)
	}
	t.dead = true // whoever is left behind has no effect any more
	if !dead {
		s.broker.Connect(true)
	}
	if fault := s.broker.Fault(); fault != "" {
		s.faultf(-1, "%s", fault)
	}
}

// judge looks at what a run returned, and at its ledger.
func (s *simRun) judge(t *simTurn, l ergon.Ledger, err error) {
	if !l.Balanced() || l.InFlight != 0 || errors.Is(err, pipeline.ErrUnbalanced) {
		s.faultf(-1, "the ledger does not balance: %v", l)
	}
	if err != nil && (strings.Contains(err.Error(), "internal error") || errors.Is(err, pipeline.ErrObserver) || errors.Is(err, ergon.ErrConfig)) {
		s.faultf(-1, "the run returned %v", err)
	}
	if t.healthy && err != nil && s.reference != nil && s.reference.err == nil {
		s.faultf(-1, "though nothing went wrong, the run returned %v", err)
	}
	var drain *pipeline.DrainError
	stuck := errors.As(err, &drain) && (drain.Unsettled > 0 || len(drain.Stuck) > 0)
	if stuck && drain.Unsettled > 0 && t.calling == 0 && !t.uncertain && len(drain.Stuck) == 0 {
		s.faultf(-1, "a stop left %d unsettled, though nobody kept it from settling them", drain.Unsettled)
	}
	if most := t.limits.Drain + 3*t.limits.Grace + time.Second; !t.drain.IsZero() && time.Since(t.drain) > most {
		s.faultf(-1, "a stop took %v; it may take %v", time.Since(t.drain), most)
	}
	s.judgeRows(t, l, stuck)
}

// judgeRows compares the ledger with what the source was told.
func (s *simRun) judgeRows(t *simTurn, l ergon.Ledger, stuck bool) {
	if stuck || t.calling > 0 || !l.Balanced() {
		return
	}
	got := [4]int{
		ergon.Acked:    int(l.Succeeded + l.Dropped + l.Handled + l.DeadLettered),
		ergon.Released: int(l.Released), ergon.Returned: int(l.Returned),
	}
	want := t.told
	want[ergon.Acked] += want[ergon.DeadLettered]
	want[ergon.DeadLettered] = 0
	if got != want {
		s.faultf(-1, "the source was told acked, -, released, returned %v; the ledger says %v", want, l)
	}
}
