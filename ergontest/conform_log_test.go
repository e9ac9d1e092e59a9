package ergontest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest/internal/broker"
)

// brokered is a source of a simulated broker, which takes things in only before
// it is asked for any.
type brokered struct {
	bug  string
	make func(n int) broker.Broker

	mu     sync.Mutex
	goods  []ergon.Transaction[string]
	broker broker.Broker
	out    map[int]*broker.Delivery // the last of each thing
	gone   map[int]bool             // what a bug has lost
}

// brokeredReceipt is what a brokered source gives with what it hands out.
type brokeredReceipt struct{ *broker.Delivery }

// real returns the broker, with the lock held.
func (b *brokered) real() broker.Broker {
	if b.broker == nil {
		b.broker, b.out, b.gone = b.make(len(b.goods)), map[int]*broker.Delivery{}, map[int]bool{}
	}
	return b.broker
}

func (b *brokered) with(do func(broker.Broker)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	do(b.real())
}

func (b *brokered) Start(context.Context) error { return nil }

func (b *brokered) Stop(context.Context) error {
	b.with(func(real broker.Broker) { real.Connect(true) })
	return nil
}

func (b *brokered) Fetch(ctx context.Context, max int) ([]ergon.Transaction[string], error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var txs []ergon.Transaction[string]
	b.with(func(real broker.Broker) {
		for _, d := range real.Take(max) {
			if b.gone[d.Item] {
				real.Settle(d, ergon.Acked, 0)
				continue
			}
			txs = append(txs, b.goods[d.Item].WithReceipt(brokeredReceipt{d}).WithDeliveries(d.Count))
			b.out[d.Item] = d
		}
	})
	return txs, nil
}

func (b *brokered) Settle(_ context.Context, settlements []ergon.Settlement[string]) error {
	b.with(func(real broker.Broker) {
		for _, s := range settlements {
			r, ok := s.Transaction.Receipt().(brokeredReceipt)
			if ok && s.Verdict == ergon.Acked {
				r.Delivery = b.acking(r.Delivery)
			}
			if ok {
				real.Settle(r.Delivery, s.Verdict, s.Delay)
			}
		}
	})
	return nil
}

// acking returns what an ack is for, as a bug has it.
func (b *brokered) acking(d *broker.Delivery) *broker.Delivery {
	switch b.bug {
	case "one hand-over is as good as another":
		return b.out[d.Item]
	case "what is late counts":
		b.gone[d.Item] = b.gone[d.Item] || d.Stale
	case "an ack covers what stands before it":
		for item := d.Item - 3; item >= 0; item -= 3 {
			b.gone[item] = true
		}
	}
	return d
}

func (b *brokered) Count(context.Context) (n int, err error) {
	b.with(func(real broker.Broker) { n = real.Left() })
	return n, nil
}

// brokeredLease is a brokered source with leases.
type brokeredLease struct {
	*brokered
	lease time.Duration
}

func (b brokeredLease) Lease() time.Duration { return b.lease }

func (b brokeredLease) Extend(_ context.Context, txs []ergon.Transaction[string]) error {
	errs, lost := make(ergon.ItemErrors, len(txs)), false
	for i, tx := range txs {
		r, ok := tx.Receipt().(brokeredReceipt)
		b.with(func(real broker.Broker) {
			if !ok || !real.Extend(r.Delivery) {
				errs[i], lost = ergon.ErrLeaseLost, true
			}
		})
	}
	if lost {
		return errs
	}
	return nil
}

// suite moves partitions away and back.
func (b *brokered) suite(open ergon.Source[string], partitions int) SourceSuite[string] {
	return SourceSuite[string]{
		Open:    func(*testing.T) ergon.Source[string] { return open },
		Publish: func(_ *testing.T, txs ...ergon.Transaction[string]) { b.goods = append(b.goods, txs...) },
		Restart: func(*testing.T) { b.with(func(real broker.Broker) { real.Connect(false) }) },
		Cut:     func(*testing.T) { b.with(func(real broker.Broker) { real.Connect(false) }) },
		Revoke: func(*testing.T) {
			for item, d := range b.out {
				b.gone[item] = b.gone[item] || b.bug == "loses what is out when it is revoked" && !d.Stale
			}
			for i := range partitions {
				b.with(func(real broker.Broker) { real.Move(uint64(i), time.Minute) })
			}
		},
		Rebalance: func(*testing.T) { time.Sleep(time.Minute) },
	}
}

func newLog(bug string) (*brokered, SourceSuite[string]) {
	b := &brokered{bug: bug, make: func(n int) broker.Broker {
		parts := make([]int, n)
		for i := range parts {
			parts[i] = i % 3
		}
		return broker.NewLog(parts, 1<<20)
	}}
	return b, b.suite(b, 3)
}

var logTraits = Traits{IDs: true, Metadata: true, Fixed: true, Durable: true, Delays: true, Partitions: true, Messages: 3000}

func TestTheSimulatedBrokersConform(t *testing.T) {
	t.Run("log", func(t *testing.T) {
		TestSource(t, logTraits, func(*testing.T) SourceSuite[string] { _, s := newLog(""); return s })
	})
	t.Run("queue", func(t *testing.T) {
		traits := Traits{Order: true, IDs: true, Metadata: true, Fixed: true, Durable: true, Delays: true, Deliveries: true, Messages: 3000}
		TestSource(t, traits, func(*testing.T) SourceSuite[string] {
			b := &brokered{make: func(n int) broker.Broker { return broker.NewQueue(n, time.Minute, true) }}
			return b.suite(brokeredLease{b, time.Minute}, 0)
		})
	})
}
