package pipeline_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// One worker, relieved while it carries, must not go on taking while another has its slot.
func TestOneWorkerNeverTwoCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var calls, most atomic.Int64
		p := pipeline.From(source.Slice(upTo(5000))).
			Map(func(_ context.Context, v int) (int, error) {
				n := calls.Add(1)
				if n > most.Load() {
					most.Store(n)
				}
				if v%2000 == 1150 {
					time.Sleep(30 * time.Millisecond)
				}
				calls.Add(-1)
				return v, nil
			}).
			To(sink.Each(func(_ context.Context, v int) error {
				if v%2000 == 999 {
					time.Sleep(10 * time.Millisecond)
				}
				return nil
			}))
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 5000, Succeeded: 5000})
		is.Equal(most.Load(), int64(1))
	})
}

// All stages have one worker: nothing can overtake (as it was before relief).
func TestOneWorkerKeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		last, wrong := -1, 0
		p := pipeline.From(source.Slice(upTo(5000))).
			Map(func(_ context.Context, v int) (int, error) {
				if v%2000 == 1150 {
					time.Sleep(30 * time.Millisecond)
				}
				return v, nil
			}).
			To(sink.Each(func(_ context.Context, v int) error {
				if v < last {
					wrong++
				}
				last = v
				if v%2000 == 999 {
					time.Sleep(10 * time.Millisecond)
				}
				return nil
			}))
		is.NoErr(p.Run(t.Context()))
		is.Equal(wrong, 0)
	})
}

// Items fail in the middle of a slab, so that what was made before is carried on
// while something is left in the hand.
func TestNothingIsLostWhereAWorkerIsRelievedWithSomethingInItsHand(t *testing.T) {
	for _, workers := range []int{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			is := is.New(t)
			var calls, most atomic.Int64
			var mu sync.Mutex
			seen := map[int]int{}
			p := pipeline.From(source.Slice(upTo(20000)), pipeline.With(pipeline.Policy{RunTimeout: time.Hour})).
				Map(same, stage.Workers(workers)).
				Map(func(_ context.Context, v int) (int, error) {
					n := calls.Add(1)
					if n > most.Load() {
						most.Store(n)
					}
					defer calls.Add(-1)
					if v%251 == 249 {
						time.Sleep(30 * time.Millisecond)
					}
					if v%41 == 33 {
						return v, errBoom
					}
					return v, nil
				}, stage.Workers(workers)).
				OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).
				To(sink.Each(func(_ context.Context, v int) error {
					mu.Lock()
					seen[v]++
					mu.Unlock()
					if v%97 == 96 {
						time.Sleep(10 * time.Millisecond)
					}
					return nil
				}))
			err := p.Run(t.Context())
			t.Log(workers, p.Ledger(), err, most.Load())
			is.NoErr(err)
			l := p.Ledger()
			is.Equal(l.Succeeded+l.Handled, int64(20000))
			is.True(most.Load() <= int64(workers))
		})
	}
}

// An ordered sink does not begin what is behind something that is to be tried again.
func TestOrderedSinkKeepsOrderWhereItIsCarried(t *testing.T) {
	keepsOrder(t, func(f pipeline.Flow[int, int]) pipeline.Flow[int, int] { return f.Map(same, stage.Workers(2)) })
}

func TestOrderedSinkKeepsOrderWhereTheFetcherCarriesIt(t *testing.T) {
	keepsOrder(t, func(f pipeline.Flow[int, int]) pipeline.Flow[int, int] { return f })
}

// keepsOrder runs an ordered flow into a sink that fails now and then.
func keepsOrder(t *testing.T, above func(pipeline.Flow[int, int]) pipeline.Flow[int, int]) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		last, wrong, failed := -1, 0, map[int]bool{}
		p := above(pipeline.From(source.Slice(upTo(2000))).Ordered()).
			To(sink.Each(func(_ context.Context, v int) error {
				if v%333 == 150 && !failed[v] {
					failed[v] = true
					return errBoom
				}
				if v != last+1 {
					wrong++
				}
				last = v
				return nil
			}))
		is.NoErr(p.Run(t.Context()))
		is.Equal(wrong, 0)
	})
}

// Below an ordered stage, another has four workers: one call that hangs takes one
// of them, whoever delivers.
func TestOneWhoDeliversInOrderHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		began, late := time.Now(), atomic.Int64{}
		p := pipeline.From(source.Slice(upTo(2000))).Ordered().
			Map(same, stage.Workers(2)).
			Map(func(_ context.Context, v int) (int, error) {
				if v == 700 {
					time.Sleep(30 * time.Second)
				} else if time.Since(began) > 10*time.Second && v < 800 {
					late.Add(1)
				}
				return v, nil
			}, stage.Workers(4)).
			To(sink.Discard[int]())
		is.NoErr(p.Run(t.Context()))
		t.Log(late.Load())
		is.True(late.Load() < 100)
	})
}

// Two calls of one stage wait for each other: with four workers they meet.
func TestCallsBelowAnOrderedStageMeet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		meet := make(chan struct{})
		p := pipeline.From(source.Slice(upTo(2000)), pipeline.With(pipeline.Policy{RunTimeout: time.Hour})).Ordered().
			Map(same, stage.Workers(2)).
			Map(func(ctx context.Context, v int) (int, error) {
				switch v {
				case 700:
					select {
					case <-meet:
					case <-ctx.Done():
						return v, ctx.Err()
					}
				case 1000:
					close(meet)
				}
				return v, nil
			}, stage.Workers(4)).
			To(sink.Discard[int]())
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 2000, Succeeded: 2000})
	})
}
