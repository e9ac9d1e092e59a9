package pipeline_test

import (
	"context"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

var _ = source.Slice[int]
var _ retry.Policy

// acked is a source of n numbers that is told what became of them.
type acked struct {
	n, next int
	mu      sync.Mutex
	told    map[any]int
	settle  func(call int) error
	calls   int
}

func (a *acked) Fetch(_ context.Context, max int) ([]ergon.Transaction[int], error) {
	var txs []ergon.Transaction[int]
	for len(txs) < max && a.next < a.n {
		txs = append(txs, ergon.Numbered("acked", int64(a.next), a.next).WithReceipt(a.next))
		a.next++
	}
	if a.next == a.n {
		return txs, io.EOF
	}
	return txs, nil
}

func (a *acked) Settle(_ context.Context, all []ergon.Settlement[int]) error {
	a.mu.Lock()
	a.calls++
	call := a.calls
	a.mu.Unlock()
	if err := a.settle(call); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range all {
		a.told[s.Transaction.Receipt()]++
	}
	return nil
}

func TestGoexitInSettleThatIsCarried(t *testing.T) {
	for name, build := range map[string]func(pipeline.Flow[int, int]) pipeline.Pipeline{
		"sink": func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(sink.Discard[int]()) },
		"batch sink": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.To(sink.Discard[int](), stage.Batch(10, time.Second))
		},
		"ordered sink": func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.Ordered().To(sink.Discard[int]()) },
		"ordered batch": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.Ordered().To(sink.Discard[int](), stage.Batch(10, time.Second))
		},
		"keyed": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.KeyBy(func(tx ergon.Transaction[int]) string { return string(rune('a' + tx.Payload()%5)) }).To(sink.Discard[int](), stage.Workers(2))
		},
		"map, ordered sink": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.Map(same).Ordered().To(sink.Discard[int]())
		},
	} {
		inBubble(t, name, func(t *testing.T) {
			is := is.New(t)
			var exits atomic.Int64
			a := &acked{n: 3000, told: map[any]int{}, settle: func(call int) error {
				if call%7 == 6 {
					exits.Add(1)
					runtime.Goexit()
				}
				return nil
			}}
			p := build(pipeline.From[int](a, pipeline.With(pipeline.Policy{RunTimeout: time.Hour})))
			err := p.Run(t.Context())
			t.Log(p.Ledger(), exits.Load(), err)
			is.NoErr(err)
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3000, Succeeded: 3000, Retries: p.Ledger().Retries})
			twice := 0
			for _, n := range a.told {
				if n > 1 {
					twice++
				}
			}
			is.Equal(twice, 0)
			is.Equal(len(a.told), 3000)
		})
	}
}

// A Settle that takes its time blocks no worker, nor what the sink is to do next.
func TestSlowSettleHoldsUpNoOrderedSink(t *testing.T) {
	for name, build := range map[string]func(pipeline.Flow[int, int], ergon.Sink[int]) pipeline.Pipeline{
		"plain":   func(f pipeline.Flow[int, int], s ergon.Sink[int]) pipeline.Pipeline { return f.To(s) },
		"ordered": func(f pipeline.Flow[int, int], s ergon.Sink[int]) pipeline.Pipeline { return f.Ordered().To(s) },
		"ordered batch": func(f pipeline.Flow[int, int], s ergon.Sink[int]) pipeline.Pipeline {
			return f.Ordered().To(s, stage.Batch(10, time.Second))
		},
		"keyed": func(f pipeline.Flow[int, int], s ergon.Sink[int]) pipeline.Pipeline {
			return f.KeyBy(func(tx ergon.Transaction[int]) string { return "k" }).To(s)
		},
	} {
		inBubble(t, name, func(t *testing.T) {
			is := is.New(t)
			began := time.Now()
			var late atomic.Int64
			var slow, inSettle atomic.Bool
			a := &acked{n: 3000, told: map[any]int{}, settle: func(call int) error {
				if call == 100 {
					slow.Store(true)
					inSettle.Store(true)
					time.Sleep(20 * time.Second)
					inSettle.Store(false)
				}
				return nil
			}}
			var beside atomic.Int64
			s := sink.Each(func(_ context.Context, v int) error {
				time.Sleep(time.Microsecond)
				if inSettle.Load() {
					beside.Add(1)
				}
				return nil
			})
			p := build(pipeline.From[int](a, pipeline.With(pipeline.Policy{FetchBatch: 7})), s)
			is.NoErr(p.Run(t.Context()))
			t.Log(name, slow.Load(), "dispatched beside the slow Settle:", beside.Load(), late.Load(), time.Since(began))
			is.True(!slow.Load() || beside.Load() > 100)
		})
	}
}
