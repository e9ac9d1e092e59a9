package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// mixed fails in every way there is, by the value.
func mixed(_ context.Context, v int) (int, error) {
	switch v % 8 {
	case 1:
		return 0, errBoom
	case 2:
		return 0, ergon.Business(errBoom)
	case 3:
		return 0, ergon.Return(time.Second, errBoom)
	case 4:
		return 0, ergon.Drop("no")
	case 5:
		panic("mixed")
	case 6:
		runtime.Goexit()
	}
	time.Sleep(time.Duration(v) * time.Millisecond)
	return v, nil
}

func TestI1EveryTransactionIsSettledExactlyOnce(t *testing.T) {
	for _, workers := range []int{1, 4, 64} {
		inBubble(t, fmt.Sprint(workers, " workers"), func(t *testing.T) {
			is := is.New(t)
			source, store := tell(400), &shelf[int]{}
			p := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 50})).
				Map(mixed, stage.Workers(workers)).To(store, stage.Batch(7, time.Second))
			is.NoErr(p.Run(t.Context()))
			is.Equal(len(source.told), 400)
			is.Equal(len(source.twice), 0)
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 400, Succeeded: 100, Returned: 200, DeadLettered: 50, Dropped: 50})
			is.Equal(len(store.txs), 100)
		})
	}
}

func TestI2NothingIsAckedBeforeTheSinkHasConfirmedIt(t *testing.T) {
	for _, tc := range []struct {
		name string
		opts []stage.SinkOption
	}{
		{"one by one", nil},
		{"in batches, by several workers", []stage.SinkOption{stage.Batch(5, time.Second), stage.Workers(3)}},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, store := tell(40), &shelf[int]{}
			store.onDispatch = func(_ context.Context, call int, txs []ergon.Transaction[int]) error {
				time.Sleep(time.Second)
				if call%3 == 0 {
					return errBoom // what it was given is not there
				}
				return nil
			}
			source.before = func(id string) error {
				if !slices.Contains(store.ids(), id) {
					return fmt.Errorf("%s was acked and is not stored", id)
				}
				return nil
			}
			is.NoErr(pipeline.From(source).Map(same, stage.Workers(8)).To(store, tc.opts...).Run(t.Context()))
			is.Equal(len(source.told), 40)
			is.Equal(source.broken, nil)
		})
	}
}

func TestI3WhatIsFilteredIsSettled(t *testing.T) {
	inBubble(t, "every seventh", func(t *testing.T) {
		is := is.New(t)
		source, store := tell(21), &shelf[int]{}
		p := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 2})). // it would wedge if a slot were kept
												Filter(func(v int) bool { return v%7 != 0 }).To(store)
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 21, Succeeded: 18, Dropped: 3})
		is.Equal(len(source.told), 21)
	})
}

func TestI5APartialReportAcksOnlyWhatIsStored(t *testing.T) {
	for _, tc := range []struct {
		name  string
		err   error // of the first Dispatch of three
		again []int // sizes of the calls
	}{
		{"one of three is reported", ergon.ItemErrors{nil, errBoom, nil}, []int{3, 1}},
		{"two of three are", ergon.ItemErrors{errBoom, nil, errBoom}, []int{3, 2}},
		{"none is, which means all are stored", ergon.ItemErrors{nil, nil, nil}, []int{3}},
		{"the report is too short", ergon.ItemErrors{nil, nil}, []int{3, 3}},
		{"the report is too long", ergon.ItemErrors{nil, nil, nil, errBoom}, []int{3, 3}},
		{"the report is empty", ergon.ItemErrors{}, []int{3, 3}},
		{"the report is wrapped", fmt.Errorf("bulk: %w", ergon.ItemErrors{nil, nil, errBoom}), []int{3, 3}},
		{"any other error", errBoom, []int{3, 3}},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := tell(3)
			store := &shelf[int]{onDispatch: func(_ context.Context, call int, _ []ergon.Transaction[int]) error {
				if call == 1 {
					return tc.err
				}
				return nil
			}}
			source.before = func(id string) error {
				if !slices.Contains(store.ids(), id) {
					return fmt.Errorf("%s was acked and is not stored", id)
				}
				return nil
			}
			is.NoErr(pipeline.From(source).To(store, stage.Batch(3, time.Second)).Run(t.Context()))
			is.Equal(store.sizes, tc.again)
			is.Equal(store.ids(), []string{"t:0", "t:1", "t:2"})
			is.Equal(source.lines(), []string{"t:0 acked", "t:1 acked", "t:2 acked"})
			is.Equal(source.broken, nil)
		})
	}
}

func TestI8CanceledFromUserCodeIsAnOrdinaryFailure(t *testing.T) {
	own := func(ctx context.Context) error {
		inner, cancel := context.WithCancel(ctx)
		cancel()
		return inner.Err()
	}
	for _, tc := range []struct {
		name string
		err  func(context.Context) error
		told string
	}{
		{"its own context", own, "t:0 returned 1s: context canceled"},
		{"wrapped", func(ctx context.Context) error { return fmt.Errorf("call: %w", own(ctx)) }, "t:0 returned 1s: call: context canceled"},
		{"Business", func(ctx context.Context) error { return ergon.Business(own(ctx)) }, "t:0 dead-lettered: context canceled"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, calls := tell(2), 0
			p := pipeline.From(source, pipeline.With(steadily())).Map(func(ctx context.Context, v int) (int, error) {
				if v == 0 {
					calls++
					return 0, tc.err(ctx)
				}
				return v, nil
			}).To(&shelf[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(calls, 1)
			is.Equal(source.lines(), []string{tc.told, "t:1 acked"})
		})
	}
	inBubble(t, "only the end of the drain releases", func(t *testing.T) {
		is := is.New(t)
		source := tell(1)
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		p := pipeline.From(source).Map(func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() }).To(&shelf[int]{})
		var drain *pipeline.DrainError
		is.True(errors.As(p.Run(ctx), &drain))
		is.Equal(drain, &pipeline.DrainError{Released: 1})
		is.Equal(source.lines(), []string{"t:0 released"})
	})
}

func TestI9APanicFailsItsTransactionAlone(t *testing.T) {
	type shape = func(flow, func(int)) flow
	for _, harm := range []struct {
		name string
		do   func()
		is   error
	}{{"panic", func() { panic(errBoom) }, errBoom}, {"goexit", runtime.Goexit, ergon.ErrGoexit}} {
		for name, build := range map[string]shape{
			"Map": func(f flow, hit func(int)) flow {
				return f.Map(func(_ context.Context, v int) (int, error) { hit(v); return v, nil })
			},
			"Transform": func(f flow, hit func(int)) flow {
				return f.Transform(func(_ context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) {
					hit(tx.Payload())
					return tx, nil
				})
			},
			"Filter": func(f flow, hit func(int)) flow { return f.Filter(func(v int) bool { hit(v); return true }) },
			"KeyBy": func(f flow, hit func(int)) flow {
				return f.KeyBy(func(tx ergon.Transaction[int]) string { hit(tx.Payload()); return "k" })
			},
			"MapBatch": func(f flow, hit func(int)) flow {
				return f.MapBatch(1, time.Second, func(_ context.Context, all []int) ([]int, error) { hit(all[0]); return all, nil })
			},
			"FlatMap": func(f flow, hit func(int)) flow {
				return f.FlatMap(func(_ context.Context, v int) iter.Seq2[int, error] {
					return func(yield func(int, error) bool) { hit(v); yield(v, nil) }
				})
			},
		} {
			inBubble(t, harm.name+" in "+name, func(t *testing.T) {
				is := is.New(t)
				source, store := tell(5), &shelf[int]{}
				f := build(pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 1})), func(v int) {
					if v == 1 || v == 2 {
						harm.do()
					}
				})
				p := f.To(store)
				is.NoErr(p.Run(t.Context()))
				is.Equal(p.Ledger(), ergon.Ledger{Fetched: 5, Succeeded: 3, Returned: 2})
				is.Equal(len(store.txs), 3)
				for _, one := range source.told {
					if one.Verdict == ergon.Returned {
						is.True(errors.Is(one.Cause, harm.is))
						var panicked *ergon.PanicError
						is.Equal(errors.As(one.Cause, &panicked) && len(panicked.Stack) > 0, harm.name == "panic")
					}
				}
			})
		}
	}
}
