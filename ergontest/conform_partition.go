package ergontest

import "github.com/ergon-go/ergon"

// conformTrialsOfPartitions are about a partitioned log.
func conformTrialsOfPartitions[T any]() []conformTrial[T] {
	const of, needs = ableSettle | ablePartition, needPass | needPartitions
	return []conformTrial[T]{
		{
			name: "partitions: settled after they were revoked", of: of, needs: needs, run: (*conformProbe[T]).settledAfterRevoke,
			promise: "What is settled after its partition was taken away commits nothing: whoever has it now is in charge.",
		},
		{
			name: "partitions: settled after they came back", of: of, needs: needs, run: (*conformProbe[T]).settledAfterReassign,
			promise: "What is settled after its partition was taken away and given back commits nothing: that is another assignment.",
		},
		{
			name: "partitions: rebalanced under load", of: of, needs: needs, run: (*conformProbe[T]).rebalancedUnderLoad,
			promise: "Nothing is lost while partitions are handed out anew.",
		},
		{
			name: "partitions: a gap is not committed", of: of, needs: needs, run: (*conformProbe[T]).gapKept,
			promise: "The position that is committed never passes what is not settled.",
		},
	}
}

// late settles without knowing that it is too late.
func (p *conformProbe[T]) late(source ergon.Source[T], txs []ergon.Transaction[T]) {
	if err := p.settling(source, conformSettlements(ergon.Acked, 0, txs)); err != nil {
		p.failf("Settle with a stale receipt: %v", err)
	}
}

func (p *conformProbe[T]) settledAfterRevoke() {
	texts := p.publish(10)
	source := p.open()
	txs := p.whatever(source, len(texts))
	p.rig.revoke(p.t)
	p.late(source, txs)
	p.rig.rebalance(p.t)
	p.pass(p.lease)
	p.gather(source, texts)
	p.stop(source)
}

func (p *conformProbe[T]) settledAfterReassign() {
	texts := p.publish(10)
	source := p.open()
	old := p.whatever(source, len(texts))
	p.rig.revoke(p.t)
	p.rig.rebalance(p.t)
	p.pass(p.lease)
	p.gather(source, texts)
	p.late(source, old)
	source = p.recover(source)
	p.gather(source, texts)
	p.stop(source)
}

func (p *conformProbe[T]) rebalancedUnderLoad() {
	texts := p.publish(p.traits.messages())
	p.stop(p.work(conformWork[T]{source: p.open(), texts: texts, disturb: func(w *conformWork[T], step int) bool {
		if !w.nthOf(20, step) {
			return false
		}
		if step%2 == 0 {
			w.rig.revoke(w.t)
		}
		w.rig.rebalance(w.t)
		return step%3 == 0 // otherwise it settles what it has, too late
	}}))
}

func (p *conformProbe[T]) gapKept() {
	texts := p.publish(30)
	source := p.open()
	txs := p.gather(source, texts)
	p.random.Shuffle(len(txs), func(i, j int) { txs[i], txs[j] = txs[j], txs[i] })
	p.settle(source, ergon.Acked, txs[10:]...)
	source = p.recover(source)
	p.gather(source, p.texts(txs[:10]))
	p.stop(source)
}
