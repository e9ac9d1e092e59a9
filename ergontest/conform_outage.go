package ergontest

import (
	"context"
	"slices"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfOutages are about a system that is away, and what errors say.
func conformTrialsOfOutages[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "outage: Fetch", of: ableDown, needs: needPass, run: (*conformProbe[T]).fetchAway,
			promise: "While the system is away Fetch returns an error, or nothing; when it is back the same source goes on, and nothing is lost.",
		},
		{
			name: "outage: Settle", of: ableDown | ableSettle, needs: needPass, run: (*conformProbe[T]).settleAway,
			promise: "While the system is away Settle returns an error for what it cannot store, in time; what it returns nil for is stored.",
		},
		{
			name: "outage: opened meanwhile", of: ableDown, needs: needPass, run: (*conformProbe[T]).openedAway,
			promise: "A source that is opened while the system is away works when it is back, started again where Start said no.",
		},
		{
			name: "errors: keep secrets", run: (*conformProbe[T]).keepsSecrets,
			promise: "An error names neither payloads nor credentials: it goes into logs.",
		},
	}
}

// fetchMay calls Fetch, which may fail.
func (p *conformProbe[T]) fetchMay(source ergon.Source[T]) []ergon.Transaction[T] {
	was := p.rough
	p.rough = true
	txs, _ := p.fetch(source, 3)
	p.rough = was
	return txs
}

func (p *conformProbe[T]) fetchAway() {
	texts := p.publish(10)
	source := p.open()
	got := p.whatever(source, 4)
	up := p.rig.down(p.t)
	for range 3 {
		got = append(got, p.fetchMay(source)...)
	}
	up()
	p.rough = true
	p.gather(source, conformMinus(texts, p.texts(got)))
	p.stop(source)
}

func (p *conformProbe[T]) settleAway() {
	texts := p.publish(6)
	source := p.open()
	txs := p.gather(source, texts)
	up := p.rig.down(p.t)
	all := conformSettlements(ergon.Acked, 0, txs[:3])
	ctx, cancel := context.WithTimeout(p.ctx(), p.away())
	err := p.call("Settle", func() error { return source.(ergon.Settler[T]).Settle(ctx, all) })
	cancel()
	up()
	errs := ergon.ItemErrorsOf(err, len(all))
	var stored []string
	for i := range all {
		if errs == nil || errs[i] == nil {
			stored = append(stored, p.text(all[i].Transaction))
		}
	}
	source = p.recover(source)
	got := p.texts(p.whatever(source, len(txs)))
	for _, text := range got {
		p.unlessf(!slices.Contains(stored, text) || p.lenient(), "%s came again, though Settle had returned nil for it", conformShown(text))
	}
	for _, text := range conformMinus(p.texts(txs[3:]), got) {
		p.failf("%s did not come again, and was never settled", conformShown(text))
	}
	p.stop(source)
}

func (p *conformProbe[T]) openedAway() {
	texts := p.publish(5)
	up := p.rig.down(p.t)
	source := p.rig.source(p.t)
	if s, ok := source.(ergon.Starter); ok {
		ctx, cancel := context.WithTimeout(p.ctx(), p.away())
		p.may("Start", func() error { return s.Start(ctx) })
		cancel()
	}
	got := p.texts(p.fetchMay(source))
	up()
	p.start(source)
	p.rough = true
	p.gather(source, conformMinus(texts, got))
	p.stop(source)
}

// keepsSecrets makes errors; that of every trial are looked at.
func (p *conformProbe[T]) keepsSecrets() {
	p.rough = true
	if _, ok := p.rig.payload(conformCanary); ok {
		p.rig.publish(p.t, p.tx(conformCanary))
	}
	source := p.open()
	ctx, cancel := context.WithCancel(p.ctx())
	cancel()
	txs, _ := p.fetched(p.beginFetch(ctx, source, 1))
	txs = append(txs, p.whatever(source, 1)...)
	if s, ok := source.(ergon.Settler[T]); ok {
		p.may("Settle", func() error { return s.Settle(ctx, conformSettlements(ergon.Verdict(99), -1, txs)) })
		p.may("Settle", func() error { return s.Settle(p.ctx(), conformSettlements(ergon.Verdict(99), -1, txs)) })
	}
	if e, ok := source.(ergon.Extender[T]); ok {
		p.may("Extend", func() error { return e.Extend(ctx, txs) })
	}
	if f, ok := source.(ergon.Finder[T]); ok {
		p.may("Find", func() error { _, err := f.Find(p.ctx(), "there is no such id"); return err })
	}
	p.stop(source)
	p.fetch(source, 1)
	p.stop(source)
	if p.rig.noSource != nil {
		p.sourceUnreachable()
	}
}
