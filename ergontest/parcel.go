package ergontest

import (
	"time"

	"github.com/ergon-go/ergon"
)

// parcel is a transaction that a Source holds, however often it hands it out.
type parcel[T any] struct {
	tx        ergon.Transaction[T]
	due       time.Time // not to be handed out before
	delivered int       // how often it was handed out and not Released
	verdict   ergon.Verdict
	settled   bool // told a verdict, the last time it was handed out
}

// receipt is one time that a parcel was handed out.
type receipt[T any] struct {
	parcel  *parcel[T]
	id      string
	until   time.Time // the end of its lease; zero: none
	stale   bool      // the parcel comes again without it
	settled bool      // a verdict is stored
	unsure  bool      // whoever settled was told that it had failed
	verdict ergon.Verdict
}

// take hands out up to n of what is due.
func (s *Source[T]) take(n int) []ergon.Transaction[T] {
	now := time.Now()
	var txs []ergon.Transaction[T]
	kept := s.waiting[:0:0]
	for i, p := range s.waiting {
		switch {
		case len(txs) >= n:
			s.waiting = append(kept, s.waiting[i:]...)
			return txs
		case p.due.After(now):
			kept = append(kept, p)
		default:
			txs = append(txs, s.handOut(p, now))
		}
	}
	s.waiting = kept
	return txs
}

func (s *Source[T]) handOut(p *parcel[T], now time.Time) ergon.Transaction[T] {
	r := &receipt[T]{parcel: p, id: p.tx.ID()}
	if s.lease > 0 {
		r.until = now.Add(s.lease)
	}
	if s.out == nil {
		s.out = map[*receipt[T]]struct{}{}
	}
	s.out[r] = struct{}{}
	p.delivered++
	p.settled = false
	s.witness.handedOut(r.id)
	tx := p.tx.WithReceipt(r)
	if !s.NoDeliveries {
		tx = tx.WithDeliveries(p.delivered)
	}
	return tx
}

// expire takes back what was not extended in time.
func (s *Source[T]) expire() {
	if s.lease <= 0 {
		return
	}
	now := time.Now()
	s.reclaim(func(r *receipt[T]) bool { return !r.until.After(now) })
}

// reclaim takes back, in the order in which they came first, what was handed out
// by the receipts that are over.
func (s *Source[T]) reclaim(over func(*receipt[T]) bool) {
	back := map[*parcel[T]]bool{}
	for r := range s.out {
		if over(r) {
			r.stale = true
			s.witness.takenBack(r.id)
			back[r.parcel] = true
			delete(s.out, r)
		}
	}
	if len(back) == 0 {
		return
	}
	for _, p := range s.parcels {
		if back[p] {
			p.due = time.Time{}
			s.waiting = append(s.waiting, p)
		}
	}
}

// again makes everything ready that a new run may have: what was never settled
// for good. Receipts of before are stale then.
func (s *Source[T]) again() {
	for r := range s.out {
		r.stale = true
	}
	clear(s.out)
	s.waiting = nil
	for _, p := range s.parcels {
		if !p.settled || p.verdict == ergon.Released || p.verdict == ergon.Returned {
			p.settled = false
			s.waiting = append(s.waiting, p)
		}
	}
}
