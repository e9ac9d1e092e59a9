package ergontest

import (
	"context"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
)

// caseSource is a Source as one run of a case sees it: what is planned for it goes
// wrong, and once the process has died nothing reaches it.
type caseSource[T any] struct {
	*Source[T]
	life *caseLife
}

// leasedCase is a caseSource whose transactions are leased.
type leasedCase[T any] struct{ *caseSource[T] }

var (
	_ ergon.Settler[int]  = (*caseSource[int])(nil)
	_ ergon.Extender[int] = (*leasedCase[int])(nil)
)

// in returns the source as a run sees it.
func (s *Source[T]) in(l *caseLife) ergon.Source[T] {
	seen := &caseSource[T]{s, l}
	if s.lease > 0 {
		return &leasedCase[T]{seen}
	}
	return seen
}

// Fetch hands out what there is.
func (s *caseSource[T]) Fetch(ctx context.Context, n int) (txs []ergon.Transaction[T], err error) {
	c := crossing{kind: ergon.KindFetch, place: fetchPlace, stage: fetchPlace, world: true}
	err = s.life.around(ctx, c, func(ctx context.Context) (err error) {
		txs, err = s.Source.Fetch(ctx, n)
		for _, tx := range txs {
			s.life.add(&caseStep{ids: []string{tx.ID()}, mark: markFetched, text: fmt.Sprintf("fetched, delivery %d", tx.Deliveries())})
		}
		return err
	})
	if s.life.gone.Load() {
		return nil, errDied
	}
	return txs, err
}

// Settle stores the verdicts that get through.
func (s *caseSource[T]) Settle(ctx context.Context, settlements []ergon.Settlement[T]) error {
	ids := make([]string, len(settlements))
	for i, one := range settlements {
		ids[i] = one.Transaction.ID()
	}
	c := crossing{kind: ergon.KindSettle, place: settlePlace, stage: settlePlace, ids: ids, attempt: crossingOf(ctx).attempt, world: true}
	return s.life.around(ctx, c, func(ctx context.Context) error {
		planned := s.life.items(ctx, c)
		err := s.Source.Settle(withItems(ctx, planned), settlements)
		stored, _ := outcomes(planned)
		for i, one := range settlements {
			if planned == nil || stored(i) {
				s.life.add(&caseStep{ids: ids[i : i+1], mark: markTold, text: settledText(one)})
			}
		}
		return err
	})
}

func settledText[T any](s ergon.Settlement[T]) string {
	text := "the source was told: " + s.Verdict.String()
	if s.Delay > 0 {
		text += fmt.Sprintf(", again in %v", s.Delay)
	}
	if s.Cause != nil {
		text += ": " + s.Cause.Error()
	}
	return text
}

// Count counts for the living.
func (s *caseSource[T]) Count(ctx context.Context) (int, error) {
	if s.life.gone.Load() {
		return 0, nil
	}
	return s.Source.Count(ctx)
}

// Stop stops the source, unless nobody is left who could.
func (s *caseSource[T]) Stop(ctx context.Context) error {
	if s.life.gone.Load() {
		return nil
	}
	return s.Source.Stop(ctx)
}

// Lease returns how long a transaction may take to be settled or extended.
func (s *leasedCase[T]) Lease() time.Duration { return s.lease }

// Extend prolongs leases.
func (s *leasedCase[T]) Extend(ctx context.Context, txs []ergon.Transaction[T]) error {
	if s.life.gone.Load() {
		return errDied
	}
	return (&leased[T]{s.Source}).Extend(ctx, txs)
}

// left returns the ids of what has not ended.
func (s *Source[T]) left() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, p := range s.parcels {
		if !p.settled || p.verdict == ergon.Released || p.verdict == ergon.Returned {
			ids = append(ids, p.tx.ID())
		}
	}
	return ids
}

// outlive takes back what a process had that has died.
func (s *Source[T]) outlive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reclaim(func(*receipt[T]) bool { return true })
	s.life.running = false
}
