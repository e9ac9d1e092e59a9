package ergontest

import (
	"context"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// Settlement is one settlement that a Source has stored.
type Settlement[T any] struct {
	ergon.Settlement[T]
	Call  int       // of Settle, from 1
	At    time.Time // when it was stored
	Again bool      // it was stored before, and whoever settled was told that it had failed
	Stale bool      // the transaction had been handed out anew, so that it changed nothing
}

// Settle stores settlements.
func (s *Source[T]) Settle(ctx context.Context, settlements []ergon.Settlement[T]) error {
	concerns(ctx, ergon.KindSettle, fetchedOf(settlements))
	call := s.beginSettle(len(settlements))
	defer s.endSettle()
	var err error
	if s.OnSettle != nil {
		err = s.OnSettle(ctx, call, slices.Clone(settlements))
	}
	stored, err := outcome(err, len(settlements))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	errs := ergon.ItemErrorsOf(err, len(settlements))
	for i, settlement := range settlements {
		if stored(i) {
			s.store(settlement, call, errs != nil && errs[i] != nil)
		}
	}
	return err
}

// fetchedOf returns the transactions of some settlements.
func fetchedOf[T any](settlements []ergon.Settlement[T]) []ergon.Transaction[T] {
	txs := make([]ergon.Transaction[T], len(settlements))
	for i, settlement := range settlements {
		txs[i] = settlement.Transaction
	}
	return txs
}

func (s *Source[T]) beginSettle(n int) (call int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations.unlessf(n > 0, "Settle was called with nothing")
	s.violations.unlessf(s.settling == 0, "Settle was called while another call of it went on")
	s.violations.unlessf(!s.life.over(), "Settle was called after Stop")
	s.settling++
	s.settles++
	return s.settles
}

func (s *Source[T]) endSettle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settling--
}

// store stores one settlement; unsure says that the call returns an error for it
// all the same.
func (s *Source[T]) store(settlement ergon.Settlement[T], call int, unsure bool) {
	record := Settlement[T]{Settlement: settlement, Call: call, At: time.Now()}
	r, ok := settlement.Transaction.Receipt().(*receipt[T])
	s.violations.unlessf(ok, "%q was settled with a receipt that is not its own", settlement.Transaction.ID())
	s.checkSettlement(settlement)
	if !ok {
		return
	}
	switch {
	case r.settled:
		s.violations.unlessf(r.unsure, "%q was settled twice: %v, then %v", r.id, r.verdict, settlement.Verdict)
		s.violations.unlessf(!r.unsure || r.verdict == settlement.Verdict,
			"%q was settled %v, and when told that this had failed, %v", r.id, r.verdict, settlement.Verdict)
		record.Again = true
	case r.stale:
		record.Stale = true
	default:
		s.witness.settled(settlement.Transaction.ID(), settlement.Verdict)
		s.carryOut(r, settlement)
	}
	r.settled, r.unsure, r.verdict = true, unsure, settlement.Verdict
	s.settled = append(s.settled, record)
}

// checkSettlement holds a settlement against what the contract says of any.
func (s *Source[T]) checkSettlement(settlement ergon.Settlement[T]) {
	id, v := settlement.Transaction.ID(), settlement.Verdict
	s.violations.unlessf(s.Accepts().Has(v), "%q was settled %v, which the source does not accept", id, v)
	s.violations.unlessf(settlement.Delay == 0 || v == ergon.Returned, "%q was settled %v with a delay", id, v)
	s.violations.unlessf(settlement.Delay >= 0, "%q was settled with a negative delay", id)
	s.violations.unlessf(settlement.Cause == nil || v == ergon.DeadLettered || v == ergon.Returned,
		"%q was settled %v with a cause", id, v)
}

// carryOut does what a verdict asks for.
func (s *Source[T]) carryOut(r *receipt[T], settlement ergon.Settlement[T]) {
	delete(s.out, r)
	p := r.parcel
	p.verdict, p.settled = settlement.Verdict, true
	switch settlement.Verdict {
	case ergon.Returned:
		p.due = time.Now().Add(settlement.Delay)
		s.waiting = append(s.waiting, p)
	case ergon.Released:
		p.due = time.Time{}
		p.delivered--
	case ergon.Acked, ergon.DeadLettered:
	}
}

// SettleErrors makes Settle return one error after the other, nil standing for a
// call that works, and work from then on. It sets OnSettle.
func (s *Source[T]) SettleErrors(errs ...error) {
	s.OnSettle = func(_ context.Context, call int, _ []ergon.Settlement[T]) error { return nth(errs, call) }
}

// Settlements returns what was stored, in order.
func (s *Source[T]) Settlements() []Settlement[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.settled)
}

// Settled returns the ids of the transactions whose last verdict is v, in the
// order in which the source got them.
func (s *Source[T]) Settled(v ergon.Verdict) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	last := s.last()
	for _, p := range s.parcels {
		if got, ok := last[p]; ok && got == v {
			ids = append(ids, p.tx.ID())
		}
	}
	return ids
}

// last returns the last verdict that counted, of every transaction that has one.
func (s *Source[T]) last() map[*parcel[T]]ergon.Verdict {
	last := map[*parcel[T]]ergon.Verdict{}
	for _, record := range s.settled {
		if r, ok := record.Transaction.Receipt().(*receipt[T]); ok && !record.Stale {
			last[r.parcel] = record.Verdict
		}
	}
	return last
}
