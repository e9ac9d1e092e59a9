package ergontest

import (
	"context"
	"slices"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfConnector are about what goes in by Dispatch and comes out by
// Fetch.
func conformTrialsOfConnector[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "through: what goes in comes out", run: (*conformProbe[T]).through,
			promise: "What goes in by Dispatch comes out by Fetch, with its payload and, where they are kept, its id and metadata.",
		},
		{
			name: "through: once", of: ableKnowIDs, run: (*conformProbe[T]).throughOnce,
			promise: "What is dispatched again while it is there comes out once.",
		},
		{
			name: "through: another takes it", of: ableShare, run: (*conformProbe[T]).throughAnother,
			promise: "Traits.Shared: what one connector dispatches, another that is open already hands out.",
		},
		{
			name: "through: wakes a Fetch", of: ableWait | ableLive, run: (*conformProbe[T]).throughWakes,
			promise: "Traits.Waits: a Fetch that waits returns what is dispatched meanwhile.",
		},
		{
			name: "through: after a restart", of: ableDurable, needs: needRestart, run: (*conformProbe[T]).throughRestart,
			promise: "Traits.Durable: what was dispatched comes out after the process was killed.",
		},
		{
			name: "through: passed on", of: ableSettle, needs: needPass, run: (*conformProbe[T]).passedOn,
			promise: "What was fetched may be dispatched under another id: that settles nothing, and its receipt does not go with it.",
		},
		{
			name: "through: all at once", of: ableSettle, needs: needPass, run: (*conformProbe[T]).throughAtOnce,
			promise: "Dispatch, Fetch and Settle go on beside each other, and nothing is lost.",
		},
	}
}

// both returns a connector as the sink that it is.
func (p *conformProbe[T]) both(source ergon.Source[T]) ergon.Sink[T] {
	sink, ok := source.(ergon.Sink[T])
	p.unlessf(ok, "%T is no ergon.Sink", source)
	return sink
}

func (p *conformProbe[T]) through() {
	source := p.open()
	txs, texts := p.make(5)
	if p.able.has(ableMetadata) {
		txs[0] = txs[0].WithMetadata(conformMetadata())
	}
	p.dispatch(p.both(source), txs...)
	for _, tx := range p.gather(source, texts) {
		text := p.text(tx)
		p.unlessf(tx.ID() == p.ids[text] || !p.able.has(ableIDs), "%s went in with the id %q and came out with %q", conformShown(text), p.ids[text], tx.ID())
		if text == texts[0] && p.able.has(ableMetadata) {
			p.sameMetadata(tx.Metadata())
		}
	}
	p.stop(source)
}

func (p *conformProbe[T]) throughOnce() {
	source := p.open()
	txs, texts := p.make(3)
	p.dispatch(p.both(source), txs...)
	p.dispatch(p.both(source), txs[1], txs[1])
	out := p.gather(source, texts)
	p.dispatch(p.both(source), txs[2])
	p.none(source, "once more, as it was dispatched again while it was out")
	p.stop(source)
	p.unlessf(len(out) == len(txs), "%d went in, and %d came out", len(txs), len(out))
}

func (p *conformProbe[T]) throughAnother() {
	one, other := p.open(), p.open()
	p.rebalance()
	txs, texts := p.make(5)
	p.dispatch(p.both(one), txs...)
	if !p.able.has(ablePartition) {
		p.gather(other, texts)
		p.stop(one)
		p.stop(other)
		return
	}
	got := p.texts(p.whatever(other, len(texts)))
	got = append(got, p.texts(p.whatever(one, len(texts)))...)
	for _, text := range conformMinus(texts, got) {
		p.failf("%s did not come out", conformShown(text))
	}
	p.stop(one)
	p.stop(other)
}

func (p *conformProbe[T]) throughWakes() {
	source := p.open()
	fetch := p.beginFetch(p.ctx(), source, 10)
	p.letOthersWork()
	txs, texts := p.make(1)
	p.dispatch(p.both(source), txs...)
	got, _ := p.fetched(fetch)
	p.unlessf(slices.Equal(p.texts(got), texts), "%q were dispatched, and Fetch returned %q", texts, p.texts(got))
	p.stop(source)
}

func (p *conformProbe[T]) throughRestart() {
	source := p.open()
	txs, texts := p.make(5)
	p.dispatch(p.both(source), txs...)
	p.rig.restart(p.t) // without Stop
	source = p.open()
	p.gather(source, texts)
	p.stop(source)
}

func (p *conformProbe[T]) passedOn() {
	source := p.open()
	txs, texts := p.make(2)
	p.dispatch(p.both(source), txs...)
	out := p.gather(source, texts)
	payload, _ := p.rig.payload("777")
	p.dispatch(p.both(source), out[0].With(payload).WithID("conform:passed on").WithReceipt(out[0].Receipt()))
	further := p.gather(source, []string{"777"})
	p.settle(source, ergon.Acked, further...)
	source = p.recover(source)
	p.gather(source, texts) // none of them was settled
	p.stop(source)
}

func (p *conformProbe[T]) throughAtOnce() {
	source := p.open()
	sink := p.both(source)
	var all, acked []string
	var out []ergon.Transaction[T]
	for range 50 {
		txs, texts := p.make(7)
		all = append(all, texts...)
		ctx, cancel := context.WithTimeout(p.ctx(), p.quiet())
		fetch := p.beginFetch(ctx, source, 9)
		dispatch := p.begin("Dispatch", func() error { return sink.Dispatch(p.ctx(), txs) })
		p.settle(source, ergon.Acked, out...)
		acked = append(acked, p.texts(out)...)
		err := p.end(dispatch)
		p.unlessf(err == nil, "Dispatch: %v", err)
		out, _ = p.fetched(fetch)
		cancel()
	}
	p.settle(source, ergon.Acked, out...)
	acked = append(acked, p.texts(out)...)
	p.stop(p.work(conformWork[T]{source: source, texts: conformMinus(all, acked)}))
}
