package ergontest

import (
	"slices"
	"strings"
	"time"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfSettling are about what a source does when it is told, or not
// told, what became of what it handed out.
func conformTrialsOfSettling[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "settle: acked is gone", of: ableSettle, run: (*conformProbe[T]).ackedIsGone,
			promise: "What is Acked is never handed out again, whatever happens to the source.",
		},
		{
			name: "settle: fetched is not acked", of: ableSettle, needs: needPass, run: (*conformProbe[T]).fetchedIsNotAcked,
			promise: "What was handed out and never settled is handed out again in a later run: to fetch is not to ack.",
		},
		{
			name: "settle: it is the receipt that counts", of: ableSettle, needs: needPass, run: (*conformProbe[T]).receiptCounts,
			promise: "A settlement is for the hand-over whose receipt it has, and for no other of the same id.",
		},
		{
			name: "settle: safe when it returns", of: ableSettle | ableDurable, needs: needRestart | needPass, run: (*conformProbe[T]).settlingIsSafe,
			promise: "When Settle has returned nil every settlement is stored safely: what was Acked does not come again after a restart.",
		},
		{
			name: "settle: returned comes again", of: ableSettle | ableReturn, run: (*conformProbe[T]).returnedComes,
			promise: "What is Returned is handed out again, by the same source, at once where no delay is asked for.",
		},
		{
			name: "settle: returned after its delay", of: ableSettle | ableReturn | ableDelay, needs: needClock, run: (*conformProbe[T]).delayKept,
			promise: "Traits.Delays: what is Returned with a delay is handed out no sooner than that, and then it is.",
		},
		{
			name: "settle: released comes again", of: ableSettle | ableRelease, needs: needPass, run: (*conformProbe[T]).releasedComes,
			promise: "What is Released is handed out again, in a later run at the latest.",
		},
		{
			name: "settle: released is no delivery", of: ableSettle | ableRelease | ableCountDeliveries, needs: needPass, run: (*conformProbe[T]).releasedIsNoDelivery,
			promise: "What is Released comes again with its delivery count as it was: it was not its fault.",
		},
		{
			name: "settle: deliveries are counted", of: ableSettle | ableCountDeliveries, needs: needPass, run: (*conformProbe[T]).deliveriesCount,
			promise: "Traits.Deliveries: the first delivery is the first, and each further one, Returned or never settled, is counted.",
		},
		{
			name: "settle: dead letters stay away", of: ableSettle | ableSetAside, needs: needPass, run: (*conformProbe[T]).deadStay,
			promise: "What is DeadLettered is not handed out again, and the others are.",
		},
		{
			name: "settle: dead letters are kept", of: ableSettle | ableSetAside, needs: needDead, run: (*conformProbe[T]).deadKept,
			promise: "What is DeadLettered is set aside, not thrown away, and nothing else is.",
		},
		{
			name: "settle: accepts what it says", of: ableSettle, run: (*conformProbe[T]).accepts,
			promise: "A Settler accepts Acked, always accepts the same, and Settle returns nil for each verdict it accepts.",
		},
		{
			name: "settle: nothing", of: ableSettle, run: (*conformProbe[T]).settlesNothing,
			promise: "Settle of nothing does nothing.",
		},
		{
			name: "settle: keeps no slice", of: ableSettle, needs: needPass, run: (*conformProbe[T]).keepsNoSettlements,
			promise: "Settle does not keep the slice: it belongs to the caller, who uses it again.",
		},
	}
}

func (p *conformProbe[T]) ackedIsGone() {
	texts := p.publish(5)
	source := p.open()
	txs := p.gather(source, texts)
	if p.able.has(ablePartition) {
		p.settle(source, ergon.Acked, txs...) // one in the middle may come again
		texts = nil
	} else {
		p.settle(source, ergon.Acked, txs[2])
		texts = conformMinus(texts, p.texts(txs[2:3]))
	}
	p.none(source, "after it was Acked, or was still out")
	source = p.recover(source)
	p.gather(source, texts) // nothing else
	p.none(source, "after it was Acked and the source was opened again")
	p.stop(source)
}

func (p *conformProbe[T]) fetchedIsNotAcked() {
	texts := p.publish(5)
	source := p.open()
	p.gather(source, texts)
	source = p.recover(source)
	p.gather(source, texts)
	p.stop(source)
}

func (p *conformProbe[T]) receiptCounts() {
	texts := p.publish(3)
	source := p.open()
	txs := p.gather(source, texts)
	liar := txs[0].WithID(txs[1].ID()) // an id of another one
	rest := texts
	if !p.able.has(ablePartition) || p.text(txs[0]) == texts[0] {
		p.settle(source, ergon.Acked, liar)
		rest = conformMinus(texts, p.texts(txs[:1]))
	}
	source = p.recover(source)
	p.gather(source, rest)
	p.none(source, "though the settlement had its receipt")
	p.stop(source)
}

func (p *conformProbe[T]) settlingIsSafe() {
	texts := p.publish(6)
	source := p.open()
	p.settle(source, ergon.Acked, p.gather(source, texts)...)
	p.rig.restart(p.t) // without Stop
	source = p.open()
	p.pass(p.lease)
	p.none(source, "after it was Acked and the process was killed")
	p.stop(source)
}

func (p *conformProbe[T]) returnedComes() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.Returned, txs[1])
	again := p.gather(source, p.texts(txs[1:2]))
	p.settle(source, ergon.Acked, append(p.without(txs, p.text(txs[1])), again...)...)
	p.none(source, "after everything was Acked")
	p.stop(source)
}

func (p *conformProbe[T]) delayKept() {
	const delay = time.Minute
	texts := p.publish(2)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.Acked, txs[1])
	if err := p.settling(source, conformSettlements(ergon.Returned, delay, txs[:1])); err != nil {
		p.failf("Settle: %v", err)
	}
	p.none(source, "before its delay was over")
	p.pass(delay / 2)
	p.none(source, "before its delay was over")
	p.pass(delay)
	p.gather(source, p.texts(txs[:1]))
	p.stop(source)
}

func (p *conformProbe[T]) releasedComes() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.Released, txs[0])
	p.settle(source, ergon.Acked, txs[1:]...)
	source = p.recover(source)
	p.gather(source, p.texts(txs[:1]))
	p.stop(source)
}

func (p *conformProbe[T]) releasedIsNoDelivery() {
	texts := p.publish(1)
	source := p.open()
	for range 3 {
		tx := p.gather(source, texts)[0]
		p.unlessf(tx.Deliveries() == 1, "the delivery count was %d after nothing but Released", tx.Deliveries())
		p.settle(source, ergon.Released, tx)
		source = p.recover(source)
	}
	p.stop(source)
}

func (p *conformProbe[T]) deliveriesCount() {
	texts := p.publish(1)
	source := p.open()
	for delivery := 1; delivery < 6; delivery++ {
		tx := p.gather(source, texts)[0]
		p.unlessf(tx.Deliveries() == delivery, "the delivery count was %d at delivery %d", tx.Deliveries(), delivery)
		if delivery%2 == 1 && p.able.has(ableReturn) {
			p.settle(source, ergon.Returned, tx)
			continue
		}
		source = p.recover(source)
	}
	p.stop(source)
}

func (p *conformProbe[T]) deadStay() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.DeadLettered, txs[0])
	p.settle(source, ergon.Acked, txs[1])
	p.none(source, "after it was DeadLettered")
	source = p.recover(source)
	p.gather(source, p.texts(txs[2:]))
	p.none(source, "after it was DeadLettered")
	p.stop(source)
}

func (p *conformProbe[T]) deadKept() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.DeadLettered, txs[0], txs[2])
	p.settle(source, ergon.Acked, txs[1], txs[3])
	p.stop(source)
	want, got := []string{p.text(txs[0]), p.text(txs[2])}, p.rig.dead(p.t)
	slices.Sort(want)
	slices.Sort(got)
	p.unlessf(slices.Equal(want, got), "%s were DeadLettered, and %s were set aside", strings.Join(want, ", "), strings.Join(got, ", "))
}

func (p *conformProbe[T]) accepts() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	verdicts := conformVerdicts[T](source)
	p.unlessf(verdicts.Has(ergon.Acked), "it accepts %v", verdicts)
	for i, v := range []ergon.Verdict{ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned} {
		if verdicts.Has(v) {
			p.settle(source, v, txs[i])
		}
	}
	p.unlessf(conformVerdicts[T](source) == verdicts, "it accepted %v, and later %v", verdicts, conformVerdicts[T](source))
	p.stop(source)
}

func (p *conformProbe[T]) settlesNothing() {
	texts := p.publish(2)
	source := p.open()
	txs := p.gather(source, texts)
	if err := p.settling(source, nil); err != nil {
		p.failf("Settle(nil): %v", err)
	}
	p.settle(source, ergon.Acked, txs...)
	p.stop(source)
}

func (p *conformProbe[T]) keepsNoSettlements() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.Acked, txs[2:]...)
	all := conformSettlements(ergon.Acked, 0, txs[:1])
	if err := p.settling(source, all); err != nil {
		p.failf("Settle: %v", err)
	}
	all[0] = conformSettlements(ergon.Acked, 0, txs[1:2])[0]
	source = p.recover(source)
	p.gather(source, p.texts(txs[1:2]))
	p.stop(source)
}
