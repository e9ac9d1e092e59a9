package ergontest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

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
}

// brokeredReceipt is what a brokered source gives with what it hands out.
type brokeredReceipt struct{ *broker.Delivery }

// real returns the broker, with the lock held.
func (b *brokered) real() broker.Broker {
	if b.broker == nil {
		b.broker, b.out = b.make(len(b.goods)), map[int]*broker.Delivery{}
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
			if ok && r.Stale && b.bug == "one hand-over is as good as another" {
				r.Delivery = b.out[r.Item]
			}
			if ok {
				real.Settle(r.Delivery, s.Verdict, s.Delay)
			}
		}
	})
	return nil
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

func TestBrokenLogsAreFound(t *testing.T) {
	for _, tt := range []struct{ bug, by string }{
		{"one hand-over is as good as another", "partitions: settled after they came back"},
		{"one hand-over is as good as another", "stale: opened again"},
		{"one hand-over is as good as another", "stale: connection cut"},
	} {
		t.Run(tt.by, func(t *testing.T) {
			is := is.New(t)
			found, _ := conformedTo(t, logTraits, func(*testing.T) conformRig[string] { _, s := newLog(tt.bug); return s.rig() }, tt.by)
			is.Equal(len(found), 1)
			is.True(strings.Contains(found[tt.by][0], "promise: "))
		})
	}
}
