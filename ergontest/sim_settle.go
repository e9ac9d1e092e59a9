package ergontest

import (
	"context"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest/internal/faults"
)

var simSettleFaults = []faults.Kind{
	faults.SettlePanic, faults.SettleHang, faults.SettleLost, faults.SettleReport, faults.SettleItem, faults.SettleError,
}

// Settle takes verdicts.
func (s *simSource[T]) Settle(ctx context.Context, all []ergon.Settlement[T]) error {
	t := simTurnOf(ctx)
	nth, fault := s.settling(t, len(all))
	if s.gones(t) {
		return s.gone(ctx)
	}
	defer s.settledAll(t)
	half := s.plan.Number(fault, "settle half", nth, 2) == 0
	switch fault {
	case faults.SettleError:
		return errorOf(fault)
	case faults.SettleHang:
		<-ctx.Done()
		return context.Cause(ctx)
	case faults.SettlePanic:
		if half {
			s.take(t, all, nil, false)
		}
		panic(errorOf(fault))
	case faults.SettleLost:
		s.take(t, all, nil, false)
		return errorOf(fault)
	case faults.SettleReport:
		if half {
			s.take(t, all, nil, false)
		}
		return make(ergon.ItemErrors, len(all)+1)
	case faults.SettleItem:
		errs := make(ergon.ItemErrors, len(all))
		for i := range all {
			if i == 0 || s.plan.Number(fault, "item", nth+i, 3) == 0 {
				errs[i] = errorOf(fault)
			}
		}
		s.take(t, all, errs, true)
		return errs
	}
	s.take(t, all, nil, true)
	return nil
}

func (s *simSource[T]) settling(t *simTurn, n int) (nth int, fault faults.Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t == nil {
		return 0, faults.Kinds
	}
	s.step(t)
	if t.dead {
		return 0, faults.Kinds
	}
	s.countCall("settle", nil)
	if t.calls["settle"] > 0 && n == 0 {
		s.faultf(-1, "Settle was called with nothing")
	}
	t.settles++
	if t.settles > 1 {
		s.faultf(-1, "Settle was called while another call of it went on")
	}
	t.calling++
	nth = s.attempt("settle")
	fault = faults.Kinds
	if t.well {
		return nth, fault
	}
	fault = s.plan.First(simSettleFaults, "settle", nth)
	if fault != faults.Kinds {
		s.hits(fault, "source", nil)
		s.note("settle", "", nil, fault)
		t.uncertain = true
	}
	return nth, fault
}

func (s *simSource[T]) settledAll(t *simTurn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.settles--
	t.calling--
}

// take takes those verdicts that have no error; sure says that whoever told them
// will know.
func (s *simSource[T]) take(t *simTurn, all []ergon.Settlement[T], errs ergon.ItemErrors, sure bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, settlement := range all {
		if errs != nil && errs[i] != nil || t.dead {
			continue
		}
		r, ok := settlement.Transaction.Receipt().(*simReceipt)
		if !ok {
			s.faultf(-1, "%q was settled with a receipt that is not its own", settlement.Transaction.ID())
			continue
		}
		s.settle(t, r, simVerdict{settlement.Verdict, settlement.Delay, settlement.Cause}, sure)
	}
}

// simVerdict is what a source is told.
type simVerdict struct {
	ergon.Verdict
	delay time.Duration
	cause error
}

// settle takes one verdict.
func (s *simRun) settle(t *simTurn, r *simReceipt, v simVerdict, sure bool) {
	input := s.reps[r.delivery.Item]
	id := s.ids[r.delivery.Item]
	s.note("verdict", v.String(), []string{id}, v.cause)
	switch {
	case r.told:
		s.faultf(input, "%q was settled twice: %v, then %v", id, r.verdict, v.Verdict)
		return
	case r.stored && r.verdict != v.Verdict:
		s.faultf(input, "%q was settled %v, and when told that this had failed, %v", id, r.verdict, v.Verdict)
		return
	}
	if !r.stored {
		s.checkVerdict(t, r, v)
	}
	r.stored, r.verdict = true, v.Verdict
	if sure {
		r.told = true
		t.told[v.Verdict]++
	}
	if v.Verdict <= ergon.DeadLettered {
		s.checkEnd(r, v)
	}
	s.broker.Settle(r.delivery, v.Verdict, v.delay)
	if fault := s.broker.Fault(); fault != "" {
		s.faultf(input, "%s", fault)
	}
}

// simLeased is a source whose leases can be extended.
type simLeased[T any] struct {
	simCounted[T]
	lease time.Duration
}

// Lease returns how long a lease lasts.
func (l *simLeased[T]) Lease() time.Duration { return l.lease }

// Extend prolongs leases.
func (l *simLeased[T]) Extend(ctx context.Context, txs []ergon.Transaction[T]) error {
	t := simTurnOf(ctx)
	nth, fault := l.extending(t)
	if l.gones(t) {
		return l.gone(ctx)
	}
	switch fault {
	case faults.ExtendError:
		return errorOf(fault)
	case faults.ExtendPanic:
		panic(errorOf(fault))
	case faults.ExtendSlow:
		if err := l.nap(ctx, time.Duration(l.plan.Number(fault, "extend", nth, 20))*time.Second); err != nil {
			return err
		}
	}
	return l.prolong(t, txs)
}

func (l *simLeased[T]) extending(t *simTurn) (nth int, fault faults.Kind) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fault = faults.Kinds
	if t == nil || t.dead {
		return 0, fault
	}
	l.step(t)
	l.countCall("extend", nil)
	nth = l.attempt("extend")
	if t.well {
		return nth, fault
	}
	fault = l.plan.First([]faults.Kind{faults.ExtendPanic, faults.ExtendError, faults.ExtendSlow}, "extend", nth)
	if fault != faults.Kinds {
		l.hits(fault, "source", nil)
		for i := range l.n {
			for _, a := range l.open[i] {
				a.lost = true // or may be: the run decides when it has waited too long
			}
		}
	}
	return nth, fault
}

// prolong prolongs those leases that still last, and are not refused.
func (l *simLeased[T]) prolong(t *simTurn, txs []ergon.Transaction[T]) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.dead {
		return errGone
	}
	errs, lost := make(ergon.ItemErrors, len(txs)), false
	for i, tx := range txs {
		r, ok := tx.Receipt().(*simReceipt)
		if !ok {
			l.faultf(-1, "%q was extended with a receipt that is not its own", tx.ID())
			continue
		}
		nth := l.attempt("lease " + tx.ID())
		if !t.well && l.plan.Hits(faults.ExtendRefused, tx.ID(), nth) {
			l.hits(faults.ExtendRefused, "source", []int{l.reps[r.delivery.Item]})
			l.broker.Lose(r.delivery)
		}
		if !l.broker.Extend(r.delivery) {
			errs[i], lost = ergon.ErrLeaseLost, true
			l.note("lost", "", []string{l.ids[r.delivery.Item]}, nil)
			if r.account != nil {
				r.account.lost = true
			}
		}
	}
	if lost {
		return errs
	}
	return nil
}
