package ergontest

import (
	"errors"
	"time"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfLeases are about an Extender.
func conformTrialsOfLeases[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "lease: the same always", of: ableLease, run: (*conformProbe[T]).leaseSteady,
			promise: "Lease returns the same at any time.",
		},
		{
			name: "lease: over", of: ableSettle | ableLease, needs: needPass, run: (*conformProbe[T]).leaseOver,
			promise: "What is neither settled nor extended within its lease is handed out again, by the same source, and not before.",
		},
		{
			name: "lease: counted when over", of: ableSettle | ableLease | ableCountDeliveries, needs: needPass, run: (*conformProbe[T]).leaseCounted,
			promise: "A delivery whose lease ran out counts.",
		},
		{
			name: "lease: extended", of: ableSettle | ableLease, needs: needPass, run: (*conformProbe[T]).leaseExtended,
			promise: "What is extended in time stays out for a full lease from then, as often as that is done, and can be settled.",
		},
		{
			name: "lease: extended too late", of: ableSettle | ableLease, needs: needPass, run: (*conformProbe[T]).extendedTooLate,
			promise: "What was handed out anew cannot be extended with its old receipt: ItemErrors has ErrLeaseLost for it, and nil for the others.",
		},
		{
			name: "lease: of something foreign", of: ableSettle | ableLease, run: (*conformProbe[T]).extendedForeign,
			promise: "What the source has not handed out cannot be extended: ItemErrors has ErrLeaseLost for it, and nil for the others.",
		},
		{
			name: "lease: of something settled", of: ableSettle | ableLease, needs: needPass, run: (*conformProbe[T]).extendedSettled,
			promise: "To extend what is settled brings nothing back: it is nil, or ErrLeaseLost.",
		},
	}
}

func (p *conformProbe[T]) extend(source ergon.Source[T], txs ...ergon.Transaction[T]) error {
	return p.call("Extend", func() error { return source.(ergon.Extender[T]).Extend(p.ctx(), txs) })
}

func (p *conformProbe[T]) leaseSteady() {
	source := p.open()
	p.gather(source, p.publishIfLive(2))
	lease := conformLease[T](source)
	p.unlessf(lease == p.lease, "Lease returned %v, and of another source of the same place %v", lease, p.lease)
	p.stop(source)
}

// publishIfLive publishes what an open source can see.
func (p *conformProbe[T]) publishIfLive(n int) []string {
	if !p.able.has(ableLive) {
		return nil
	}
	return p.publish(n)
}

func (p *conformProbe[T]) leaseOver() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.Acked, txs[:2]...)
	p.none(source, "before its lease was over")
	p.pass(p.lease)
	p.gather(source, p.texts(txs[2:]))
	p.none(source, "after it was Acked, or before its lease was over")
	p.stop(source)
}

func (p *conformProbe[T]) leaseCounted() {
	texts := p.publish(1)
	source := p.open()
	for delivery := 1; delivery < 4; delivery++ {
		tx := p.gather(source, texts)[0]
		p.unlessf(tx.Deliveries() == delivery, "the delivery count was %d at delivery %d", tx.Deliveries(), delivery)
		p.pass(p.lease)
	}
	p.stop(source)
}

func (p *conformProbe[T]) leaseExtended() {
	texts := p.publish(3)
	source := p.open()
	txs := p.gather(source, texts)
	for range 6 {
		p.pass(p.lease / 2)
		if err := p.extend(source, txs...); err != nil {
			p.failf("Extend at half the lease: %v", err)
		}
		p.none(source, "though it was extended in time")
	}
	p.settle(source, ergon.Acked, txs...)
	p.pass(2 * p.lease)
	p.none(source, "after it was extended and Acked")
	p.stop(source)
}

func (p *conformProbe[T]) extendedTooLate() {
	texts := p.publish(1)
	source := p.open()
	old := p.gather(source, texts)
	p.pass(p.lease)
	again := p.gather(source, texts)
	p.lostAt(p.extend(source, again[0], old[0], again[0]), 1, 3)
	p.settle(source, ergon.Acked, again...)
	p.pass(p.lease)
	p.none(source, "after it was Acked")
	p.stop(source)
}

// lostAt checks that of n one is lost, and the others are not.
func (p *conformProbe[T]) lostAt(err error, lost, n int) {
	items, ok := err.(ergon.ItemErrors) //nolint:errorlint // only as it is does it count
	p.unlessf(ok && len(items) == n, "Extend of %d returned %T: %v", n, err, err)
	for i, item := range items {
		if i == lost {
			p.unlessf(errors.Is(item, ergon.ErrLeaseLost), "the entry of what is lost was %v", item)
		} else {
			p.unlessf(item == nil, "the entry of what is out was %v", item)
		}
	}
}

func (p *conformProbe[T]) extendedForeign() {
	texts := p.publish(2)
	source := p.open()
	txs := p.gather(source, texts)
	for _, receipt := range []any{nil, "of another system", struct{ n int }{7}} {
		p.lostAt(p.extend(source, txs[0], txs[0].WithReceipt(receipt), txs[1]), 1, 3)
	}
	p.stop(source)
}

func (p *conformProbe[T]) extendedSettled() {
	texts := p.publish(3)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.Acked, txs...)
	err := p.extend(source, txs...)
	for _, item := range ergon.ItemErrorsOf(err, len(txs)) {
		p.unlessf(item == nil || errors.Is(item, ergon.ErrLeaseLost), "Extend of what was Acked: %v", item)
	}
	p.pass(p.lease + time.Nanosecond)
	p.none(source, "as it was extended after it had been Acked")
	source = p.recover(source)
	p.none(source, "as it was extended after it had been Acked")
	p.stop(source)
}
