package ergontest

import (
	"context"
	"slices"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfLoad are about many transactions, and a life with disturbances.
func conformTrialsOfLoad[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "load: many", run: (*conformProbe[T]).many,
			promise: "However much was published, all of it is handed out.",
		},
		{
			name: "load: settled out of order, beside Fetch", of: ableSettle, needs: needPass, run: (*conformProbe[T]).manySettled,
			promise: "Things are settled in any order, beside Fetch: what was not Acked is never lost, what was does not come again.",
		},
		{
			name: "load: one of ten returned", of: ableSettle | ableReturn, needs: needPass, run: (*conformProbe[T]).manyReturned,
			promise: "What is Returned comes again, however much that is, and nothing else does.",
		},
		{
			name: "load: twenty restarts", of: ableSettle, needs: needPass, run: (*conformProbe[T]).manyRestarts,
			promise: "What was out when the source was opened again comes again, however often that happens, and what was Acked does not.",
		},
		{
			name: "load: twenty cuts", of: ableSettle | ableCut, needs: needPass, run: (*conformProbe[T]).manyCuts,
			promise: "What was out when the connection was cut comes again: nothing is lost.",
		},
		{
			name: "load: all out, then on", of: ableSettle, needs: needPass, run: (*conformProbe[T]).saturated,
			promise: "A source of which everything is out goes on once that is settled.",
		},
		{
			name: "load: two consumers", of: ableSettle | ableShare, needs: needPass, run: (*conformProbe[T]).twoConsumers,
			promise: "Traits.Shared: what one has, another has not, and what one leaves, another gets.",
		},
		{
			name: "load: a restart after every ack", of: ableSettle, needs: needPass, run: (*conformProbe[T]).noGap,
			promise: "What was settled is remembered one by one: an ack never covers what stands before it and is not settled.",
		},
	}
}

func (p *conformProbe[T]) many() {
	texts := p.publish(p.traits.messages())
	source := p.open()
	p.gatherAt(source, texts, 97)
	p.stop(source)
}

// manySettled fetches and settles at the same time.
func (p *conformProbe[T]) manySettled() {
	texts := p.publish(p.traits.messages())
	source := p.open()
	var ready []ergon.Transaction[T]
	var acked []string
	for vain := 0; len(acked) < len(texts); {
		ctx, cancel := context.WithTimeout(p.ctx(), p.quiet())
		fetch := p.beginFetch(ctx, source, 1+p.random.IntN(100))
		p.random.Shuffle(len(ready), func(i, j int) { ready[i], ready[j] = ready[j], ready[i] })
		p.settle(source, ergon.Acked, ready...)
		acked = append(acked, p.texts(ready)...)
		ready, _ = p.fetched(fetch)
		cancel()
		if vain++; len(ready) > 0 {
			vain = 0
		} else if len(acked) < len(texts) {
			p.unlessf(vain < conformVain, "%d of %d came, and no more: %s is lost", len(acked), len(texts), conformShown(conformMinus(texts, acked)[0]))
			p.rest(vain)
		}
	}
	slices.Sort(acked)
	p.unlessf(len(slices.Compact(acked)) == len(texts), "something was handed out more than once")
	p.none(p.recover(source), "after all was Acked")
}

func (p *conformProbe[T]) manyReturned() {
	texts := p.publish(p.traits.messages())
	p.stop(p.work(conformWork[T]{source: p.open(), texts: texts, returns: 10}))
}

func (p *conformProbe[T]) manyRestarts() {
	texts := p.publish(p.traits.messages())
	returns := 0
	if p.able.has(ableReturn) {
		returns = 10
	}
	p.stop(p.work(conformWork[T]{source: p.open(), texts: texts, returns: returns, disturb: func(w *conformWork[T], step int) bool {
		if !w.nthOf(20, step) {
			return false
		}
		w.source = w.recover(w.source)
		return true
	}}))
}

// nthOf reports whether a step is one of n that are spread over all the work.
func (w *conformWork[T]) nthOf(n, step int) bool {
	every := max(len(w.texts)/(w.most/2)/n, 1)
	return step > 0 && step%every == 0 && step/every <= n
}

func (p *conformProbe[T]) manyCuts() {
	texts := p.publish(p.traits.messages())
	p.rough = true
	p.stop(p.work(conformWork[T]{source: p.open(), texts: texts, disturb: func(w *conformWork[T], step int) bool {
		if !w.nthOf(20, step) {
			return false
		}
		w.rig.cut(w.t)
		w.pass(w.lease)
		return true
	}}))
}

func (p *conformProbe[T]) saturated() {
	texts := p.publish(p.traits.messages() / 10)
	source := p.open()
	out := p.whatever(source, len(texts))
	p.none(source, "while it was out, or beyond what the source hands out at most")
	p.settle(source, ergon.Acked, out...)
	rest := append(conformMinus(texts, p.texts(out)), p.publishIfLive(10)...)
	p.stop(p.work(conformWork[T]{source: source, texts: rest}))
}

// whatever fetches up to n, whichever they are.
func (p *conformProbe[T]) whatever(source ergon.Source[T], n int) []ergon.Transaction[T] {
	var got []ergon.Transaction[T]
	for vain := 0; vain < 5 && len(got) < n; {
		txs, _ := p.fetch(source, min(n-len(got), 100))
		got = append(got, txs...)
		if vain++; len(txs) > 0 {
			vain = 0
			continue
		}
		p.rest(vain)
	}
	return got
}

func (p *conformProbe[T]) twoConsumers() {
	texts := p.publish(60)
	one, other := p.open(), p.open()
	p.rebalance()
	a, b := p.whatever(one, 20), p.whatever(other, 20)
	for _, text := range p.texts(b) {
		p.unlessf(!slices.Contains(p.texts(a), text) || p.lenient(), "%s was handed out to both", conformShown(text))
	}
	p.unlessf(len(a)+len(b) > 0, "neither got anything")
	p.settle(one, ergon.Acked, a[:len(a)/2]...)
	p.settle(other, ergon.Acked, b[:len(b)/2]...)
	p.stop(other)
	p.rebalance()
	p.pass(p.lease)
	left := conformMinus(conformMinus(texts, p.texts(a[:len(a)/2])), p.texts(b[:len(b)/2]))
	p.stop(p.work(conformWork[T]{source: one, texts: left}))
}

// rebalance hands partitions out anew, where there are any.
func (p *conformProbe[T]) rebalance() {
	if p.able.has(ablePartition) && p.rig.rebalance != nil {
		p.rig.rebalance(p.t)
	}
}

func (p *conformProbe[T]) noGap() {
	left := p.publish(12)
	source := p.open()
	for len(left) > 0 {
		txs := p.gather(source, left)
		tx := txs[p.random.IntN(len(txs))]
		p.settle(source, ergon.Acked, tx)
		left = conformMinus(left, []string{p.text(tx)})
		source = p.recover(source)
	}
	p.stop(source)
}
