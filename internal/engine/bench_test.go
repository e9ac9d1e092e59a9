package engine

import (
	"context"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
)

// What the module bench cannot reach from outside, it runs from here: the sub
// benchmark bare is what the others are compared with.

// payload is as large as the items of the module bench.
type payload [6]uint64

// nowhere is a Port that drops what it is given.
type nowhere[T any] struct{}

func (nowhere[T]) put([]Item[T])           {}
func (nowhere[T]) pass([]Item[T], carrier) {}

func (nowhere[T]) offer(Item[T]) bool { return true }

// BenchmarkAttempt is one attempt of one item that succeeds: with its time, what
// catches a panic, and what would try again.
func BenchmarkAttempt(b *testing.B) {
	ctx := context.Background()
	fn := func(_ context.Context, v payload) (payload, error) {
		v[0]++
		return v, nil
	}
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		var v payload
		for b.Loop() {
			v, _ = fn(ctx, v)
		}
	})
	b.Run("stage", func(b *testing.B) {
		b.ReportAllocs()
		r := NewRun(ctx, Config{Name: "bench", Control: &Control{}})
		step := &Step{Name: "map", Workers: 1, Buffer: 64, Retry: retry.Policy{MaxAttempts: 5}, Timeout: time.Minute}
		p := Map(r, step, fn, Port[payload](nowhere[payload]{})).(*pool[Item[payload], Item[payload]])
		w := &worker[Item[payload], Item[payload]]{pool: p}
		id := ergon.Numbered("bench", 1, struct{}{})
		items := []Item[payload]{{node: &node{run: r, head: &id}}}
		for b.Loop() {
			w.task = task[Item[payload], Item[payload]]{items: items}
			p.do(w, &w.task)
		}
	})
}

// BenchmarkUnwatched is what one attempt pays for the seam where nobody watches.
func BenchmarkUnwatched(b *testing.B) {
	r := NewRun(context.Background(), Config{Name: "bench", Control: &Control{}})
	n := 0
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			countOnly(r, &n)
		}
	})
	b.Run("seam", func(b *testing.B) {
		for b.Loop() {
			countWatched(r, &n)
		}
	})
}

//go:noinline
func countOnly(_ *Run, n *int) { *n++ }

// countWatched asks as an attempt does: at its beginning and at its end.
//
//go:noinline
func countWatched(r *Run, n *int) {
	var event *ergon.Event
	ctx := r.work
	if r.watch != nil {
		event = &ergon.Event{Kind: ergon.KindAttempt}
		ctx = r.watch.begin(ctx, event)
	}
	*n++
	if event != nil {
		r.watch.end(ctx, event)
	}
}
