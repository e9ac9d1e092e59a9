package engine

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
)

// What the module bench cannot reach from outside, it runs from here: the sub
// benchmark bare is what the others are compared with.

// payload is what the items of the module bench are.
type payload struct{ A, B, C, D, E, F uint64 }

// nowhere is a Port that drops what it is given.
type nowhere[T any] struct{}

func (nowhere[T]) put([]Item[T])                       {}
func (nowhere[T]) pass([]Item[T], *[]Item[T], carrier) {}

func (nowhere[T]) offer(Item[T]) bool { return true }

// BenchmarkAttempt is one attempt of one item that succeeds: with its time, what
// catches a panic, and what would try again.
func BenchmarkAttempt(b *testing.B) {
	ctx := context.Background()
	fn := func(_ context.Context, v payload) (payload, error) {
		v.A++
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
		p, slab := idleStage(ctx, fn)
		own := &root{desk: &desk{}, warden: &p.run.warden}
		by := carrier{root: own, time: 2 * time.Hour}
		b.ResetTimer()
		for done := 0; done < b.N; done += len(slab) {
			p.pass(slab, nil, by)
			own.drive()
		}
	})
}

// idleStage returns a stage that hands on to nobody, whose worker waits, and as many
// items as a worker takes at once where attempts are short.
func idleStage(ctx context.Context, fn func(context.Context, payload) (payload, error)) (*pool[payload], []Item[payload]) {
	r := NewRun(ctx, Config{Name: "bench", Control: &Control{}})
	step := &Step{Name: "map", Workers: 1, Buffer: 2 * mostAtOnce, Retry: retry.Policy{MaxAttempts: 5}, Timeout: time.Minute}
	p := Map(r, step, fn, Port[payload](nowhere[payload]{})).(*pool[payload])
	id := ergon.Numbered("bench", 1, struct{}{})
	slab := slices.Repeat([]Item[payload]{{node: &node{run: r, head: &id}}}, mostAtOnce)
	return p, slab
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
	if r.watch.sees(ergon.KindAttempt) {
		event = &ergon.Event{Kind: ergon.KindAttempt}
		ctx = r.watch.begin(ctx, event)
	}
	*n++
	if event != nil {
		r.watch.end(ctx, event)
	}
}
