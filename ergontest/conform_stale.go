package ergontest

import (
	"context"
	"slices"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfStale are about settlements that come twice, too late, or in
// part.
func conformTrialsOfStale[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "stale: the same again", of: ableSettle, needs: needPass, run: (*conformProbe[T]).sameAgain,
			promise: "Settle may be called again with a settlement that is stored: it returns nil and changes nothing.",
		},
		{
			name: "stale: another verdict", of: ableSettle | ableReturn, needs: needPass, run: (*conformProbe[T]).anotherVerdict,
			promise: "The receipt of what is settled is stale: a second verdict changes nothing and is no error.",
		},
		{
			name: "stale: returned before", of: ableSettle | ableReturn, needs: needPass, run: func(p *conformProbe[T]) { p.staleAfter(p.afterReturn) },
			promise: "The receipt of what was Returned and is out again is stale: it neither settles the new hand-over nor is an error.",
		},
		{
			name: "stale: lease over", of: ableSettle | ableLease, needs: needPass, run: func(p *conformProbe[T]) { p.staleAfter(p.afterLease) },
			promise: "A receipt whose lease ran out and that somebody else has is stale: it neither settles the new hand-over nor is an error.",
		},
		{
			name: "stale: opened again", of: ableSettle, needs: needPass, run: func(p *conformProbe[T]) { p.staleAfter(p.recover) },
			promise: "The receipt of an earlier run is stale: it neither settles the new hand-over nor is an error.",
		},
		{
			name: "stale: connection cut", of: ableSettle | ableCut, needs: needPass, run: func(p *conformProbe[T]) { p.staleAfter(p.afterCut) },
			promise: "A receipt whose connection is gone is stale: it neither settles the new hand-over nor is an error.",
		},
		{
			name: "stale: a foreign receipt", of: ableSettle, needs: needPass, run: (*conformProbe[T]).foreign,
			promise: "A receipt that is none of the source's changes nothing, for the transaction it came with too.",
		},
		{
			name: "stale: reported by index", of: ableSettle, needs: needPass, run: (*conformProbe[T]).partly,
			promise: "Where part of the settlements cannot be stored, ItemErrors has one entry for each of them; what it calls stored is.",
		},
		{
			name: "stale: context over", of: ableSettle, needs: needPass, run: (*conformProbe[T]).settledTooLate,
			promise: "Settle returns when its context is over, and has stored what it returns nil for.",
		},
	}
}

func (p *conformProbe[T]) sameAgain() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	acked := conformSettlements(ergon.Acked, 0, txs[1:])
	for range 3 {
		if err := p.settling(source, acked); err != nil {
			p.failf("the same settlements again: %v", err)
		}
	}
	if !p.able.has(ableReturn) {
		p.stop(source)
		return
	}
	returned := conformSettlements(ergon.Returned, 0, txs[:1])
	for range 3 {
		if err := p.settling(source, returned); err != nil {
			p.failf("the same settlement again: %v", err)
		}
	}
	p.settle(source, ergon.Acked, p.gather(source, p.texts(txs[:1]))...)
	p.none(source, "though it was Returned once, three times told")
	p.stop(source)
}

func (p *conformProbe[T]) anotherVerdict() {
	texts := p.publish(3)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.Acked, txs...)
	p.settle(source, ergon.Returned, txs...)
	p.none(source, "as it was Returned after it had been Acked")
	source = p.recover(source)
	p.none(source, "as it was Returned after it had been Acked")
	p.stop(source)
}

// afterReturn returns everything that is out.
func (p *conformProbe[T]) afterReturn(source ergon.Source[T]) ergon.Source[T] {
	p.settle(source, ergon.Returned, p.out...)
	return source
}

func (p *conformProbe[T]) afterLease(source ergon.Source[T]) ergon.Source[T] {
	p.pass(p.lease)
	return source
}

// afterCut cuts the connection, and waits until what was out can come again.
func (p *conformProbe[T]) afterCut(source ergon.Source[T]) ergon.Source[T] {
	p.rig.cut(p.t)
	p.rough = true
	p.pass(p.lease)
	return source
}

// staleAfter hands everything out, takes it back in some way, hands it out again,
// settles with the old receipts, and looks whether it still is there.
func (p *conformProbe[T]) staleAfter(takeBack func(ergon.Source[T]) ergon.Source[T]) {
	texts := p.publish(4)
	source := p.open()
	p.out = p.gather(source, texts)
	source = takeBack(source)
	again := p.gather(source, texts)
	p.rough = false
	for _, v := range []ergon.Verdict{ergon.Acked, ergon.Released, ergon.Returned, ergon.DeadLettered} {
		if !conformVerdicts[T](source).Has(v) {
			continue
		}
		if err := p.settling(source, conformSettlements(v, 0, p.out)); err != nil {
			p.failf("Settle(%v) with a stale receipt: %v", v, err)
		}
		p.none(source, "though it was out, as a stale receipt was settled "+v.String())
	}
	source = p.recover(source)
	last := p.gather(source, texts) // nothing was Acked
	p.settle(source, ergon.Acked, again...)
	p.settle(source, ergon.Acked, last...)
	p.stop(source)
}

func (p *conformProbe[T]) foreign() {
	texts := p.publish(2)
	source := p.open()
	txs := p.gather(source, texts)
	strangers := []ergon.Transaction[T]{
		txs[0].WithReceipt(nil), txs[0].WithReceipt("of another system"), txs[1].WithReceipt(struct{ n int }{7}),
	}
	for _, stranger := range strangers {
		p.may("Settle", func() error {
			return source.(ergon.Settler[T]).Settle(p.ctx(), conformSettlements(ergon.Acked, 0, []ergon.Transaction[T]{stranger}))
		})
	}
	source = p.recover(source)
	p.gather(source, texts)
	p.stop(source)
}

// partly settles some that are out between others that are stale or foreign.
func (p *conformProbe[T]) partly() {
	texts := p.publish(6)
	source := p.open()
	txs := p.gather(source, texts)
	all := conformSettlements(ergon.Acked, 0, txs)
	all = slices.Insert(all, 2, all[0], ergon.Settlement[T]{Transaction: p.tx("77").WithReceipt("of another system")})
	err := p.settling(source, all)
	if items, ok := err.(ergon.ItemErrors); ok { //nolint:errorlint // only as it is does it count
		p.unlessf(len(items) == len(all), "ItemErrors has %d entries for %d settlements", len(items), len(all))
	}
	source = p.recover(source)
	var left []string
	for i, failed := range ergon.ItemErrorsOf(err, len(all)) {
		if failed != nil && slices.Contains(texts, p.text(all[i].Transaction)) {
			left = append(left, p.text(all[i].Transaction))
		}
	}
	p.onlyAgain(source, left)
	p.stop(source)
}

// onlyAgain fetches what may come again, and wants nothing else.
func (p *conformProbe[T]) onlyAgain(source ergon.Source[T], allowed []string) {
	for vain := range 3 {
		txs, ended := p.fetch(source, 100)
		for _, text := range conformMinus(p.texts(txs), allowed) {
			p.failf("%s was handed out again, though Settle had returned nil for it", conformShown(text))
		}
		if ended {
			return
		}
		p.rest(vain)
	}
}

func (p *conformProbe[T]) settledTooLate() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	ctx, cancel := context.WithCancel(p.ctx())
	cancel()
	err := p.call("Settle", func() error {
		return source.(ergon.Settler[T]).Settle(ctx, conformSettlements(ergon.Acked, 0, txs))
	})
	errs := ergon.ItemErrorsOf(err, len(txs))
	var open []string
	for i, tx := range txs {
		if errs != nil && errs[i] != nil {
			open = append(open, p.text(tx))
		}
	}
	source = p.recover(source)
	p.onlyAgain(source, open)
	p.stop(source)
}
