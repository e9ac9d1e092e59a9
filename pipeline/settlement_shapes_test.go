package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// children returns a FlatMap function that yields n values, and errs in place of some.
func children(n int, errs map[int]error) func(context.Context, int) iter.Seq2[int, error] {
	return func(context.Context, int) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for i := range n {
				if !yield(i, errs[i]) {
					return
				}
			}
		}
	}
}

func TestI4AFlatMapIsSettledOnceAllItsChildrenAre(t *testing.T) {
	for _, tc := range []struct {
		name   string
		n      int
		errs   map[int]error
		stored []string
		told   string
		row    ergon.Ledger
		failed []string // item and error, the worst first
	}{
		{"no child", 0, nil, nil, "t:0 acked", ergon.Ledger{Dropped: 1}, nil},
		{"one child", 1, nil, []string{"t:0/0"}, "t:0 acked", ergon.Ledger{Succeeded: 1}, nil},
		{"some children", 3, nil, []string{"t:0/0", "t:0/1", "t:0/2"}, "t:0 acked", ergon.Ledger{Succeeded: 1}, nil},
		{"a child that fails alone", 3, map[int]error{1: ergon.Business(errBoom)}, []string{"t:0/0", "t:0/2"}, "t:0 dead-lettered: boom", ergon.Ledger{DeadLettered: 1}, []string{"1 boom 1"}},
		{"children of different fates: the worst wins", 4, map[int]error{0: ergon.Business(errBoom), 2: ergon.Return(time.Minute, errors.New("later"))}, []string{"t:0/1", "t:0/3"}, "t:0 returned 1m0s: later", ergon.Ledger{Returned: 1}, []string{"2 later 1", "0 boom 1"}},
		{"a child that is dropped", 2, map[int]error{0: ergon.Drop("no")}, []string{"t:0/1"}, "t:0 acked", ergon.Ledger{Succeeded: 1}, nil},
		{"all children dropped", 2, map[int]error{0: ergon.Drop("no"), 1: ergon.Drop("no")}, nil, "t:0 acked", ergon.Ledger{Dropped: 1}, nil},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, store := tell(1), &shelf[int]{}
			source.before = func(string) error {
				if got := len(store.ids()); got != len(tc.stored) {
					return fmt.Errorf("acked with %d stored", got)
				}
				return nil
			}
			var failed []string
			p := pipeline.From(source).FlatMap(children(tc.n, tc.errs)).OnError(func(_ context.Context, f ergon.Failure[int]) error {
				for _, one := range append([]ergon.Failure[int]{f}, f.Also...) {
					failed = append(failed, fmt.Sprint(one.Item, " ", one.Err, " ", len(one.Attempts)))
				}
				return nil
			}).To(store)
			is.NoErr(p.Run(t.Context()))
			tc.row.Fetched = 1
			is.Equal(p.Ledger(), tc.row)
			is.True(slices.Equal(store.ids(), tc.stored))
			is.Equal(source.lines(), []string{tc.told})
			is.Equal(failed, tc.failed)
			is.Equal(len(source.broken), 0)
		})
	}
}

func TestFlatMapSkipsWhatWasHandedOnWhenItIsTriedAgain(t *testing.T) {
	inBubble(t, "the second attempt goes on at the third child", func(t *testing.T) {
		is := is.New(t)
		source, store, calls := tell(1), &shelf[int]{}, 0
		p := pipeline.From(source).FlatMap(func(ctx context.Context, v int) iter.Seq2[int, error] {
			calls++
			if calls == 1 {
				return children(5, map[int]error{2: errBoom})(ctx, v)
			}
			return children(5, nil)(ctx, v)
		}, stage.Retry(exactly(2))).To(store)
		is.NoErr(p.Run(t.Context()))
		is.Equal(calls, 2)
		is.Equal(store.ids(), []string{"t:0/0", "t:0/1", "t:0/2", "t:0/3", "t:0/4"}) // each once
		is.Equal(source.lines(), []string{"t:0 acked"})
	})
}

func TestAGroupThatFailsFailsEachMemberAndItsIDIsStable(t *testing.T) {
	id := ""
	for range 2 {
		inBubble(t, "ids", func(t *testing.T) {
			is := is.New(t)
			source, store := tell(4), &shelf[[]int]{}
			p := pipeline.From(source, pipeline.With(steadily())).Group[[]int](2, time.Second).
				Map(func(_ context.Context, g []int) ([]int, error) {
					if g[0] == 0 {
						return nil, errBoom
					}
					return g, nil
				}).To(store)
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{"t:0 returned 1s: boom", "t:1 returned 1s: boom", "t:2 acked", "t:3 acked"})
			is.Equal(store.txs[0].Payload(), []int{2, 3})
			is.True(id == "" || id == store.txs[0].ID())
			id = store.txs[0].ID()
		})
	}
}

func TestMapBatchGoesByIndex(t *testing.T) {
	double := func(all []int) []int {
		out := make([]int, len(all))
		for i, v := range all {
			out[i] = 2 * v
		}
		return out
	}
	for _, tc := range []struct {
		name   string
		answer func(all []int) ([]int, error)
		told   []string
		calls  [][]int
	}{
		{"all succeed", func(all []int) ([]int, error) { return double(all), nil }, []string{"t:0 acked", "t:1 acked", "t:2 acked"}, [][]int{{0, 1, 2}}},
		{"one fails: only that one is tried again", func(all []int) ([]int, error) {
			errs := make(ergon.ItemErrors, len(all))
			if i := slices.Index(all, 1); i >= 0 {
				errs[i] = errBoom
			}
			return double(all), errs
		}, []string{"t:0 acked", "t:1 returned 1s: boom", "t:2 acked"}, [][]int{{0, 1, 2}, {1}}},
		{"all fail", func([]int) ([]int, error) { return nil, ergon.Business(errBoom) }, []string{"t:0 dead-lettered: boom", "t:1 dead-lettered: boom", "t:2 dead-lettered: boom"}, [][]int{{0, 1, 2}}},
		{"all fail, with more results than values", func([]int) ([]int, error) { return make([]int, 9), ergon.Business(errBoom) }, []string{"t:0 dead-lettered: boom", "t:1 dead-lettered: boom", "t:2 dead-lettered: boom"}, [][]int{{0, 1, 2}}},
		{"too few results", func(all []int) ([]int, error) { return all[1:], nil }, []string{
			"t:0 returned 1s: pipeline: MapBatch: wrong number of results: 2 for 3", "t:1 returned 1s: pipeline: MapBatch: wrong number of results: 2 for 3", "t:2 returned 1s: pipeline: MapBatch: wrong number of results: 2 for 3",
		}, [][]int{{0, 1, 2}, {0, 1, 2}}},
		{"too many results", func(all []int) ([]int, error) { return append(double(all), 1), nil }, []string{
			"t:0 returned 1s: pipeline: MapBatch: wrong number of results: 4 for 3", "t:1 returned 1s: pipeline: MapBatch: wrong number of results: 4 for 3", "t:2 returned 1s: pipeline: MapBatch: wrong number of results: 4 for 3",
		}, [][]int{{0, 1, 2}, {0, 1, 2}}},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, store := tell(3), &shelf[int]{}
			var calls [][]int
			p := pipeline.From(source, pipeline.With(steadily())).MapBatch(3, time.Second, func(_ context.Context, all []int) ([]int, error) {
				calls = append(calls, slices.Clone(all))
				return tc.answer(all)
			}, stage.Retry(exactly(2))).To(store)
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), tc.told)
			is.Equal(calls, tc.calls)
			for _, tx := range store.txs {
				is.Equal(tx.ID(), fmt.Sprint("t:", tx.Payload()/2)) // the result is that of its own value
			}
		})
	}
}

func TestI4AForkIsSettledOnceAllBranchesAreWithTheWorstVerdict(t *testing.T) {
	for _, tc := range []struct {
		name        string
		left, right error // of the stage in the branch
		told        string
		stored      [2]int
	}{
		{"both succeed", nil, nil, "t:0 acked", [2]int{1, 1}},
		{"one is set aside", ergon.Business(errBoom), nil, "t:0 dead-lettered: boom", [2]int{0, 1}},
		{"one is returned, the other set aside", ergon.Business(errBoom), ergon.Return(time.Minute, errors.New("later")), "t:0 returned 1m0s: later", [2]int{0, 0}},
		{"one is dropped", ergon.Drop("no"), nil, "t:0 acked", [2]int{0, 1}},
		{"both are dropped", ergon.Drop("no"), ergon.Drop("no"), "t:0 acked", [2]int{0, 0}},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, left, right := tell(1), &shelf[int]{}, &shelf[int]{}
			source.before = func(string) error {
				if len(left.ids()) != tc.stored[0] || len(right.ids()) != tc.stored[1] {
					return errors.New("acked before all of it was stored")
				}
				return nil
			}
			p := pipeline.From(source).Fork(
				func(f flow) pipeline.Pipeline { return f.Map(failing(0, tc.left)).To(left) },
				func(f flow) pipeline.Pipeline {
					return f.Map(func(context.Context, int) (int, error) { time.Sleep(time.Second); return 0, tc.right }).To(right)
				},
			)
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{tc.told})
			is.Equal([2]int{len(left.txs), len(right.txs)}, tc.stored)
			is.Equal(len(source.broken), 0)
		})
	}
}

func TestOnlyTheBranchThatFailedIsTriedAgain(t *testing.T) {
	inBubble(t, "left", func(t *testing.T) {
		is := is.New(t)
		source, left, right := tell(1), &shelf[int]{}, &shelf[int]{}
		left.onDispatch = func(_ context.Context, call int, _ []ergon.Transaction[int]) error {
			if call < 4 {
				return errBoom
			}
			return nil
		}
		p := pipeline.From(source).Fork(
			func(f flow) pipeline.Pipeline { return f.To(left) },
			func(f flow) pipeline.Pipeline { return f.To(right) },
		)
		is.NoErr(p.Run(t.Context()))
		is.Equal([]int{len(left.sizes), len(right.sizes)}, []int{4, 1})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Succeeded: 1, Retries: 3})
	})
}

func TestABestEffortBranchIsCountedAndNeverWaitedFor(t *testing.T) {
	for _, tc := range []struct {
		name string
		slow func(context.Context, int, []ergon.Transaction[int]) error
		lost int64
	}{
		{"fails", func(context.Context, int, []ergon.Transaction[int]) error { return errBoom }, 5},
		{"rejects", func(context.Context, int, []ergon.Transaction[int]) error { return ergon.Business(errBoom) }, 5},
		{"panics", func(context.Context, int, []ergon.Transaction[int]) error { panic("calm") }, 5},
		{"hangs", func(ctx context.Context, _ int, _ []ergon.Transaction[int]) error { <-ctx.Done(); return ctx.Err() }, 5},
		{"works", func(context.Context, int, []ergon.Transaction[int]) error { return nil }, 0},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, store, began, settled := tell(5), &shelf[int]{}, time.Now(), time.Time{}
			source.onSettle = func(context.Context, int, []ergon.Settlement[int]) error { settled = time.Now(); return nil }
			p := pipeline.From(source).Fork(
				func(f flow) pipeline.Pipeline { return f.To(store) },
				func(f flow) pipeline.Pipeline { return f.To(&shelf[int]{onDispatch: tc.slow}, stage.BestEffort()) },
			)
			err := p.Run(t.Context())
			is.Equal(err, nil)
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 5, Succeeded: 5, BestEffort: tc.lost})
			is.Equal(settled, began) // nobody waited
		})
	}
}

func TestRouteGoesToOneBranchAndSetsAsideWhatHasNone(t *testing.T) {
	inBubble(t, "branches 0, 1, -1 and 2 of 2", func(t *testing.T) {
		is := is.New(t)
		source, even, odd := tell(4), &shelf[int]{}, &shelf[int]{}
		p := pipeline.From(source).Route(func(v int) int { return []int{0, 1, -1, 2}[v] },
			func(f flow) pipeline.Pipeline { return f.To(even) },
			func(f flow) pipeline.Pipeline { return f.To(odd) },
		)
		is.NoErr(p.Run(t.Context()))
		is.Equal(source.lines(), []string{
			"t:0 acked", "t:1 acked",
			"t:2 dead-lettered: pipeline: Route: there is no branch -1 of 2", "t:3 dead-lettered: pipeline: Route: there is no branch 2 of 2",
		})
		is.Equal([][]string{even.ids(), odd.ids()}, [][]string{{"t:0"}, {"t:1"}})
	})
}
