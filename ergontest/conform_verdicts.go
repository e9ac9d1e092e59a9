package ergontest

import (
	"errors"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// errConform is the cause of what a trial sets aside or returns.
var errConform = errors.New("ergontest: as the test wants it")

// settle settles all alike, which has to work.
func (p *conformProbe[T]) settle(source ergon.Source[T], v ergon.Verdict, txs ...ergon.Transaction[T]) {
	if len(txs) == 0 {
		return
	}
	if err := p.settling(source, conformSettlements(v, 0, txs)); err != nil && !p.rough {
		p.failf("Settle(%v) of %d transactions: %v", v, len(txs), err)
	}
}

// settling calls Settle.
func (p *conformProbe[T]) settling(source ergon.Source[T], settlements []ergon.Settlement[T]) error {
	settler, ok := source.(ergon.Settler[T])
	p.unlessf(ok, "a source that was opened again is no ergon.Settler any more: %T", source)
	return p.call("Settle", func() error { return settler.Settle(p.ctx(), settlements) })
}

// conformSettlements settles all alike.
func conformSettlements[T any](v ergon.Verdict, delay time.Duration, txs []ergon.Transaction[T]) []ergon.Settlement[T] {
	all := make([]ergon.Settlement[T], len(txs))
	for i, tx := range txs {
		all[i] = ergon.Settlement[T]{Transaction: tx, Verdict: v, Delay: delay}
		if v == ergon.Returned || v == ergon.DeadLettered {
			all[i].Cause = errConform
		}
	}
	return all
}

// without returns the elements whose text is not one of these.
func (p *conformProbe[T]) without(txs []ergon.Transaction[T], texts ...string) []ergon.Transaction[T] {
	var rest []ergon.Transaction[T]
	for _, tx := range txs {
		if !slices.Contains(texts, p.text(tx)) {
			rest = append(rest, tx)
		}
	}
	return rest
}

// conformMinus returns the texts that are not among others.
func conformMinus(texts, others []string) []string {
	known := make(map[string]bool, len(others))
	for _, text := range others {
		known[text] = true
	}
	var rest []string
	for _, text := range texts {
		if !known[text] {
			rest = append(rest, text)
		}
	}
	return rest
}
