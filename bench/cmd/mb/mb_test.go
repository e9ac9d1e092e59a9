package mb

import (
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/bench/internal/work"
)

type T = work.Item
type head = ergon.Transaction[struct{}]
type org struct {
	head    head
	fetched T
	tx      *ergon.Transaction[T]
}

func fill() ([]org, []ergon.Transaction[T]) {
	o := make([]org, 100)
	txs := make([]ergon.Transaction[T], 100)
	for i := range txs {
		txs[i] = ergon.Numbered("slice", int64(i), T{})
		o[i].head = txs[i].With(struct{}{}).WithReceipt(txs[i].Receipt())
		o[i].fetched = txs[i].Payload()
		o[i].tx = &txs[i]
	}
	return o, txs
}

func per(b *testing.B, f func()) {
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/item")
}

var keep any

func BenchmarkX(b *testing.B) {
	o, txs := fill()
	s := make([]ergon.Settlement[T], 100)
	b.Run("settle-old", func(b *testing.B) {
		per(b, func() {
			s := make([]ergon.Settlement[T], 100)
			for i := range o {
				s[i] = ergon.Settlement[T]{Transaction: o[i].head.With(o[i].fetched).WithReceipt(o[i].head.Receipt())}
			}
			keep = s
		})
	})
	b.Run("settle-reuse", func(b *testing.B) {
		per(b, func() {
			for i := range o {
				s[i] = ergon.Settlement[T]{Transaction: o[i].head.With(o[i].fetched).WithReceipt(o[i].head.Receipt())}
			}
		})
	})
	b.Run("settle-reuse-field", func(b *testing.B) {
		per(b, func() {
			for i := range o {
				s[i].Transaction = o[i].head.With(o[i].fetched).WithReceipt(o[i].head.Receipt())
				s[i].Verdict = 0
			}
		})
	})
	b.Run("settle-reuse-ptr", func(b *testing.B) {
		per(b, func() {
			for i := range o {
				s[i].Transaction = *o[i].tx
				s[i].Verdict = 0
			}
		})
	})
	b.Run("fetch", func(b *testing.B) {
		per(b, func() {
			txs := make([]ergon.Transaction[T], 100)
			for i := range txs {
				txs[i] = ergon.Numbered("slice", int64(i), T{})
			}
			keep = txs
		})
	})
	b.Run("fetch-reuse", func(b *testing.B) {
		per(b, func() {
			for i := range txs {
				txs[i] = ergon.Numbered("slice", int64(i), o[i].fetched)
			}
		})
	})
	b.Run("copy-txs", func(b *testing.B) {
		t2 := make([]ergon.Transaction[T], 100)
		per(b, func() {
			copy(t2, txs)
		})
	})
	b.Run("headof", func(b *testing.B) {
		per(b, func() {
			for i := range txs {
				o[i].head = txs[i].With(struct{}{}).WithReceipt(txs[i].Receipt())
			}
		})
	})
	b.Run("headof-noreceipt", func(b *testing.B) {
		per(b, func() {
			for i := range txs {
				o[i].head = txs[i].With(struct{}{})
			}
		})
	})
	b.Run("sinktx", func(b *testing.B) {
		per(b, func() {
			for i := range txs {
				txs[i] = o[i].head.With(o[i].fetched)
			}
		})
	})
	b.Run("sinktx-append", func(b *testing.B) {
		per(b, func() {
			t := txs[:0]
			for i := range o {
				t = append(t, o[i].head.With(o[i].fetched))
			}
		})
	})
}

type item struct {
	payload T
	node    *org
	own     *org
}

func BenchmarkY(b *testing.B) {
	o, txs := fill()
	items := make([]item, 100)
	heads := make([]head, 100)
	payloads := make([]T, 100)
	b.Run("payload", func(b *testing.B) {
		per(b, func() {
			for i := range txs {
				items[i].payload = txs[i].Payload()
			}
		})
	})
	b.Run("item", func(b *testing.B) {
		per(b, func() {
			for i := range txs {
				items[i] = item{payload: txs[i].Payload(), node: &o[i]}
			}
		})
	})
	n := 0
	b.Run("hasid", func(b *testing.B) {
		per(b, func() {
			for i := range txs {
				if txs[i].HasID() {
					n++
				}
			}
		})
	})
	b.Run("receipt", func(b *testing.B) {
		per(b, func() {
			for i := range txs {
				if txs[i].Receipt() != nil {
					n++
				}
			}
		})
	})
	b.Run("append-head", func(b *testing.B) {
		per(b, func() {
			h := heads[:0]
			for i := range txs {
				h = ergon.AppendWith(h, &txs[i], &struct{}{})
			}
		})
	})
	b.Run("append-with", func(b *testing.B) {
		per(b, func() {
			h := txs[:0]
			for i := range o {
				h = ergon.AppendWith(h, &heads[i], &items[i].payload)
			}
		})
	})
	b.Run("append-numbered", func(b *testing.B) {
		per(b, func() {
			ergon.AppendNumbered(txs[:0], "source", 5, payloads)
		})
	})
	b.Run("append-numbered-fresh", func(b *testing.B) {
		per(b, func() {
			keep = ergon.AppendNumbered[T](nil, "source", 5, payloads)
		})
	})
}
