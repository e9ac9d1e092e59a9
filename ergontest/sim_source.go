package ergontest

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest/internal/broker"
	"github.com/ergon-go/ergon/ergontest/internal/faults"
)

// simSource is the source of a simulation.
type simSource[T any] struct {
	*simRun
	payload func(i int) T
}

// simReceipt is what a source gives with each thing it hands out.
type simReceipt struct {
	delivery *broker.Delivery
	id       string // under which it was handed out
	account  *simAccount
	told     bool // a verdict was taken, and whoever told it knows
	stored   bool
	verdict  ergon.Verdict
}

// sourceOf returns the source of a run, with the abilities that its seed gives it.
func sourceOf[T any](s *simRun, payload func(i int) T) ergon.Source[T] {
	source := &simSource[T]{s, payload}
	lease := s.lease
	if lease == simLongLease {
		lease = 0 // it cannot be extended, and need not be
	}
	counts := s.choice("counts", 2) == 0
	switch {
	case lease > 0 && counts:
		return &simLeased[T]{simCounted[T]{source}, lease}
	case lease > 0:
		return &struct {
			*simSource[T]
			ergon.Extender[T]
		}{source, &simLeased[T]{simCounted[T]{source}, lease}}
	case counts:
		return &simCounted[T]{source}
	}
	return source
}

// simCounted is a source that knows how much it holds.
type simCounted[T any] struct{ *simSource[T] }

// Count returns how much is not done with.
func (c simCounted[T]) Count(ctx context.Context) (int, error) {
	t := simTurnOf(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if t == nil || t.dead {
		return 0, errGone
	}
	nth := c.attempt("count")
	if !t.well && c.plan.Hits(faults.CountError, "count", nth) {
		c.hits(faults.CountError, "source", nil)
		return 0, errorOf(faults.CountError)
	}
	return c.broker.Left(), nil
}

// attempt counts the calls of a method of the source.
func (s *simRun) attempt(what string) int {
	s.tries[what]++
	return s.tries[what]
}

// Accepts returns all verdicts.
func (s *simSource[T]) Accepts() ergon.Verdicts {
	return ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned)
}

// Start begins a connection.
func (s *simSource[T]) Start(ctx context.Context) error {
	t := simTurnOf(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if t != nil && !t.well && s.plan.Hits(faults.StartError, "start", t.number) {
		s.hits(faults.StartError, "source", nil)
		return errorOf(faults.StartError)
	}
	return nil
}

// Fetch hands out what there is.
func (s *simSource[T]) Fetch(ctx context.Context, most int) ([]ergon.Transaction[T], error) {
	t := simTurnOf(ctx)
	nth, fault := s.fetching(t, most)
	if s.gones(t) {
		return nil, s.gone(ctx)
	}
	n, err := most, error(nil)
	switch fault {
	case faults.FetchError, faults.FetchOutage:
		return nil, errorOf(fault)
	case faults.FetchPanic:
		panic(errorOf(fault))
	case faults.FetchGoexit:
		runtime.Goexit()
	case faults.FetchHang:
		_ = s.nap(ctx, time.Duration(1+s.plan.Number(fault, "fetch", nth, 300))*time.Second)
	case faults.FetchSlow:
		_ = s.nap(ctx, time.Duration(1+s.plan.Number(fault, "fetch", nth, 6000))*time.Millisecond)
	case faults.FetchEmpty:
		return nil, nil
	case faults.FetchOverfull:
		n += 1 + int(s.plan.Number(fault, "fetch", nth, 30))
	case faults.FetchPartial:
		err = errorOf(fault)
	}
	if s.gones(t) {
		return nil, s.gone(ctx)
	}
	return s.hand(ctx, t, n, err)
}

// gones reports whether the process of a call has died.
func (s *simRun) gones(t *simTurn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return t == nil || t.dead
}

var simFetchFaults = []faults.Kind{
	faults.FetchPanic, faults.FetchGoexit, faults.FetchHang, faults.FetchPartial, faults.FetchOverfull, faults.FetchEmpty,
	faults.FetchError, faults.FetchSlow,
}

// fetching is the beginning of a Fetch, and what happens to the broker by then.
func (s *simSource[T]) fetching(t *simTurn, most int) (nth int, fault faults.Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t == nil {
		return 0, faults.Kinds
	}
	s.step(t)
	if t.dead {
		return 0, faults.Kinds
	}
	s.countCall("fetch", nil)
	nth = s.attempt("fetch")
	if most <= 0 {
		s.faultf(-1, "Fetch was asked for %d", most)
	}
	if t.well || t.frozen {
		return nth, faults.Kinds
	}
	s.disturb(nth)
	window := int(time.Since(s.began) / outageSpan)
	if s.plan.Hits(faults.FetchOutage, "source", window) {
		fault = faults.FetchOutage
	} else {
		fault = s.plan.First(simFetchFaults, "fetch", nth)
	}
	if fault != faults.Kinds {
		s.hits(fault, "source", nil)
		s.note("fetch", "", nil, fault)
	}
	return nth, fault
}

// disturb is what happens to a broker without anybody's doing.
func (s *simRun) disturb(nth int) {
	if s.plan.Hits(faults.Disconnect, "fetch", nth) {
		s.hits(faults.Disconnect, "source", nil)
		s.note("disconnect", "", nil, nil)
		for i := range s.n {
			for _, a := range s.open[i] {
				a.taken = true
			}
		}
		s.broker.Connect(false)
	}
	for i := range s.n {
		for _, a := range s.open[i] {
			if s.lease > 0 && s.plan.Hits(faults.LeaseExpiry, s.ids[i], nth) {
				s.hits(faults.LeaseExpiry, "source", []int{i})
				s.note("expired", "", []string{s.ids[i]}, nil)
				a.taken = true
				s.broker.Lose(a.receipt.delivery)
			}
		}
	}
	if s.plan.Hits(faults.Revoke, "fetch", nth) {
		s.hits(faults.Revoke, "source", nil)
		s.note("rebalance", "", nil, nil)
		s.broker.Move(s.plan.Number(faults.Revoke, "which", nth, 16), time.Duration(s.plan.Number(faults.Revoke, "away", nth, 60))*time.Second)
	}
}

// hand hands things out, and waits for them where that is the source's way.
func (s *simSource[T]) hand(ctx context.Context, t *simTurn, n int, err error) ([]ergon.Transaction[T], error) {
	patience := time.Now().Add(time.Duration(s.choice("patient", 3)) * 10 * time.Second)
	for {
		txs, wait, end := s.taken(t, n)
		switch {
		case end && len(txs) == 0 && err == nil:
			return nil, io.EOF
		case len(txs) > 0 || !time.Now().Before(patience) || err != nil || ctx.Err() != nil:
			return txs, err
		}
		if s.nap(ctx, min(max(wait, time.Millisecond), 5*time.Second)) != nil {
			return nil, nil
		}
	}
}

// taken takes things from the broker. wait is how long it may be until there is
// more; end says that there will not be.
func (s *simSource[T]) taken(t *simTurn, n int) (txs []ergon.Transaction[T], wait time.Duration, end bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.dead {
		return nil, 0, false
	}
	for _, r := range t.arriving {
		s.faultf(s.reps[r.delivery.Item], "%q was fetched, and is not in flight", s.ids[r.delivery.Item])
	}
	t.arriving = nil
	for _, d := range s.broker.Take(n) {
		r := &simReceipt{delivery: d, id: s.ids[d.Item]}
		if !t.well && s.plan.Hits(faults.EmptyID, r.id, s.handed[s.reps[d.Item]]) {
			r.id = ""
			s.hits(faults.EmptyID, "source", []int{s.reps[d.Item]})
		}
		s.checkLease(d)
		s.handed[s.reps[d.Item]]++
		s.fetched++
		t.arriving = append(t.arriving, r)
		tx := ergon.NewTransaction(r.id, s.payload(d.Item)).WithReceipt(r)
		if d.Count > 0 {
			tx = tx.WithDeliveries(d.Count)
		}
		txs = append(txs, tx)
		s.note("fetched", fmt.Sprint(d.Count), []string{s.ids[d.Item]}, nil)
		if len(txs) > 1 && !t.well && s.plan.Hits(faults.Twice, s.ids[d.Item], s.handed[s.reps[d.Item]]) {
			txs = append(txs, tx)
			s.hits(faults.Twice, "source", []int{s.reps[d.Item]})
		}
	}
	wait = time.Until(s.broker.Next())
	if len(txs) == 0 && t.streaming && t.inFlight == 0 && wait >= broker.Never {
		t.stopped = true // what is left comes with the next connection
		t.stop()
	}
	end = s.choice("eof", 2) == 0 && s.broker.Left() == 0
	return txs, wait, end
}

// checkLease finds that something is handed out again although it is in flight, and
// its lease could have been extended.
func (s *simRun) checkLease(d *broker.Delivery) {
	if s.lease == 0 || s.lease == simLongLease {
		return
	}
	for _, a := range s.open[s.reps[d.Item]] {
		if was := a.receipt.delivery; was.Item == d.Item && was.Stale && !a.receipt.stored && !a.taken && !a.lost {
			s.faultf(a.input, "the lease of %q ran out, though nothing kept the run from extending it", s.ids[d.Item])
		}
	}
}

// Stop ends a connection.
func (s *simSource[T]) Stop(context.Context) error { return nil }
