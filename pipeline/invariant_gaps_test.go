package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/stage"
)

// storedIn returns what to ask at the moment of an ack: whether it is on the shelf.
func storedIn(s *shelf[int]) func(id string) error {
	return func(id string) error {
		if !slices.Contains(s.ids(), id) {
			return fmt.Errorf("%s was acked and is not stored", id)
		}
		return nil
	}
}

func TestI2_ADeadLetterIsAckedOnceItIsStored(t *testing.T) {
	for name, opts := range map[string][]stage.SinkOption{
		"one by one": nil,
		"in batches": {stage.Batch(5, time.Second), stage.Workers(3)},
	} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			source, letters := tell(20), &shelf[int]{}
			letters.onDispatch = func(_ context.Context, call int, _ []ergon.Transaction[int]) error {
				time.Sleep(time.Second)
				if call%3 == 0 {
					return errBoom
				}
				return nil
			}
			source.before = storedIn(letters)
			p := pipeline.From(source).Map(func(context.Context, int) (int, error) { return 0, ergon.Business(errBoom) }).
				DeadLetter(letters, opts...).To(&shelf[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(p.Ledger().DeadLettered, int64(20))
			is.Equal(len(source.told), 20)
			is.Equal(source.broken, nil)
		})
	}
}

// Children that come an hour apart: each is stored long before the next exists,
// and the source hears nothing in between.
func TestI4_NothingIsSettledBetweenTheChildrenOfAFlatMap(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, store := tell(1), &shelf[int]{}
		source.before = func(string) error {
			if got := store.ids(); len(got) != 3 {
				return fmt.Errorf("acked with only %v stored", got)
			}
			return nil
		}
		p := pipeline.From(source).FlatMap(func(context.Context, int) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) {
				for i := range 3 {
					if i > 0 {
						time.Sleep(time.Hour)
					}
					if !yield(i, nil) {
						return
					}
				}
			}
		}, stage.Retry(retry.Policy{MaxAttempts: 1, AttemptTimeout: 24 * time.Hour})).To(store)
		is.NoErr(p.Run(t.Context()))
		is.Equal(source.lines(), []string{"t:0 acked"})
		is.Equal(source.broken, nil)
	})
}

// What goes two ways is counted for both before the first has it: the second may
// have no room for an hour, in which the first is done with it.
func TestI4_NothingIsSettledBetweenTheBranchesOfAFork(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, fast, slow := tell(6), &shelf[int]{}, &shelf[int]{}
		source.before = storedIn(slow)
		type way = pipeline.Flow[int, int]
		p := pipeline.From(source).Fork(
			func(f way) pipeline.Pipeline { return f.To(fast) },
			func(f way) pipeline.Pipeline {
				return f.To(sink.Func(func(ctx context.Context, txs []ergon.Transaction[int]) error {
					time.Sleep(time.Hour)
					return slow.Dispatch(ctx, txs)
				}), stage.Buffer(1), stage.Workers(1), stage.Retry(retry.Policy{AttemptTimeout: 24 * time.Hour}))
			},
		)
		is.NoErr(p.Run(t.Context()))
		is.Equal(len(fast.ids()), 6)
		is.Equal(source.broken, nil)
	})
}

// Children are counted before they are handed on: the sink may be done with one
// before its parent's stage goes on, as happens somewhere among so many.
func TestI4_AChildThatIsStoredAtOnceSettlesNothing(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		const n = 50_000
		source, stored, atAck := tell(1), 0, 0
		source.before = func(string) error { atAck = stored; return nil }
		p := pipeline.From(source).FlatMap(children(n, nil), stage.Buffer(1)).
			To(sink.Func(func(_ context.Context, txs []ergon.Transaction[int]) error { stored += len(txs); return nil }), stage.Buffer(1))
		is.NoErr(p.Run(t.Context()))
		is.Equal([]int{stored, atAck}, []int{n, n})
	})
}

func TestI6_AReportOfSettleOfAnotherLengthMeansThatAllFailed(t *testing.T) {
	for name, report := range map[string]error{
		"too long": ergon.ItemErrors{nil, nil, nil, errBoom},
		"empty":    ergon.ItemErrors{},
		"wrapped":  fmt.Errorf("settle: %w", ergon.ItemErrors{nil, errBoom, nil}),
	} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			source := tell(3)
			source.onSettle = onFirst(report)
			p := pipeline.From(source).Group[[]int](3, time.Second).To(&shelf[[]int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{"t:0 acked", "t:1 acked", "t:2 acked"})
			is.Equal(source.twice, nil)
			is.Equal(p.Ledger().Unsettled, int64(0))
		})
	}
}

// Wherever user code returns context.Canceled while the run goes on, it is one
// failure: nothing is acked for it that is stored nowhere.
func TestI8_CanceledIsAFailureWhereverItComesFrom(t *testing.T) {
	returned, stored := "t:0 returned 1s: context canceled", "t:0 acked"
	first := func(_ context.Context, call int, _ []ergon.Transaction[int]) error {
		if call == 1 {
			return context.Canceled
		}
		return nil
	}
	for _, tc := range []struct {
		name, told string
		build      func(f flow, store, letters *shelf[int]) flow
	}{
		{"Transform", returned, func(f flow, _, _ *shelf[int]) flow {
			return f.Transform(func(_ context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) {
				return tx, context.Canceled
			})
		}},
		{"MapBatch", returned, func(f flow, _, _ *shelf[int]) flow {
			return f.MapBatch(1, 0, func(_ context.Context, all []int) ([]int, error) { return all, context.Canceled })
		}},
		{"an item of MapBatch", returned, func(f flow, _, _ *shelf[int]) flow {
			return f.MapBatch(1, 0, func(_ context.Context, all []int) ([]int, error) { return all, ergon.ItemErrors{context.Canceled} })
		}},
		{"FlatMap", returned, func(f flow, _, _ *shelf[int]) flow { return f.FlatMap(children(1, map[int]error{0: context.Canceled})) }},
		{"a Limiter", returned, func(f flow, _, _ *shelf[int]) flow {
			return f.Map(same, stage.Limit(limiter(func(context.Context) error { return context.Canceled })))
		}},
		{"OnSuccess", stored, func(f flow, _, _ *shelf[int]) flow {
			return f.OnSuccess(func(context.Context, ergon.Transaction[int]) error { return context.Canceled })
		}},
		{"the sink, once", stored, func(f flow, store, _ *shelf[int]) flow { store.onDispatch = first; return f }},
		{"the dead-letter sink, once", stored, func(f flow, _, letters *shelf[int]) flow {
			letters.onDispatch = first
			return f.Map(failing(0, ergon.Business(errBoom)))
		}},
	} {
		bubbled(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, store, letters := tell(1), &shelf[int]{}, &shelf[int]{}
			source.before = func(id string) error {
				if len(store.ids())+len(letters.ids()) == 0 {
					return errors.New(id + " was acked and is nowhere")
				}
				return nil
			}
			p := tc.build(pipeline.From(source, pipeline.With(steadily())), store, letters).DeadLetter(letters).To(store)
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{tc.told})
			is.Equal(source.broken, nil)
		})
	}
}

// However a run ends, the kit finds no goroutine when it has returned.
func TestI15_NoGoroutineIsLeftWhenRunReturns(t *testing.T) {
	waits := func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() }
	fails := func(err error) func(context.Context, int) (int, error) {
		return func(context.Context, int) (int, error) { return 0, err }
	}
	for _, tc := range []struct {
		name string
		fn   func(context.Context, int) (int, error)
		set  func(s *ergontest.Source[int], p *pipeline.Policy)
		opts []ergontest.Option
	}{
		{"at the end of the source", same, nil, nil},
		{"at its limit", same, func(s *ergontest.Source[int], p *pipeline.Policy) { s.Open, p.Limit = true, 2 }, nil},
		{"at a stop", same, func(s *ergontest.Source[int], _ *pipeline.Policy) { s.Open = true }, []ergontest.Option{ergontest.Streaming(), ergontest.StopAfter(time.Hour)}},
		{"at the end of a drain", waits, nil, []ergontest.Option{ergontest.StopAfter(time.Second), ergontest.Fails()}},
		{"at Fatal", fails(ergon.Fatal(errBoom)), nil, []ergontest.Option{ergontest.Fails()}},
		{"at its time-out", waits, func(_ *ergontest.Source[int], p *pipeline.Policy) { p.RunTimeout = time.Second }, []ergontest.Option{ergontest.Fails()}},
		{"at too many failures", fails(ergon.Business(errBoom)), func(_ *ergontest.Source[int], p *pipeline.Policy) { p.MaxFailures.Count = 1 }, []ergontest.Option{ergontest.Fails()}},
		{"at a Start that fails", same, func(s *ergontest.Source[int], _ *pipeline.Policy) {
			s.OnStart = func(context.Context) error { return errBoom }
		}, []ergontest.Option{ergontest.Fails()}},
		{"at a fetch that fails for good", same, func(s *ergontest.Source[int], _ *pipeline.Policy) { s.FetchErrors(ergon.Permanent(errBoom)) }, []ergontest.Option{ergontest.Fails()}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
				source, policy := ergontest.NewSource(1, 2, 3), pipeline.Policy{}
				if tc.set != nil {
					tc.set(source, &policy)
				}
				return pipeline.From(source.Leased(time.Minute), pipeline.With(policy)).Map(tc.fn, stage.Workers(2)).
					MapBatch(2, time.Hour, identity).To(&ergontest.Sink[int]{}, stage.Batch(2, time.Hour))
			}, tc.opts...)
		})
	}
}

// A stream never gives a fetch up: observers are told of every one that fails.
func TestI18_AFetchThatFailsIsToldToObserversEachTime(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		r, source := &recorder{}, openSource(0)
		source.FetchErrors(errBoom, errNotNow, errBoom)
		p := pipeline.From(source, pipeline.Observe(r)).To(&ergontest.Sink[int]{})
		is.NoErr(p.Stream(stopping(t, time.Hour)))
		var told []error
		for _, e := range r.of(ergon.KindFetch)[:4] {
			told = append(told, e.Err)
		}
		is.Equal(told, []error{errBoom, errNotNow, errBoom, nil})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Succeeded: 1})
	})
}

// What was stored, and could not be told to the source, comes again under the same
// ids, children included; nothing else does.
func TestI28_OnlyWhatTheSourceWasNotToldIsStoredTwiceUnderTheSameID(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to, broken := ergontest.NewSource(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), &ergontest.Sink[int]{}, true
		source.OnSettle = func(_ context.Context, _ int, all []ergon.Settlement[int]) error {
			errs := make(ergon.ItemErrors, len(all))
			for i, one := range all {
				if broken && one.Transaction.Payload()%2 == 1 {
					errs[i] = ergon.Permanent(errBoom)
				}
			}
			return errs
		}
		p := pipeline.From(source, pipeline.With(pipeline.Policy{Limit: 4})).
			FlatMap(children(2, nil)).To(to)
		is.True(p.Run(t.Context()) != nil)
		lost := p.Ledger().Unsettled
		is.Equal(lost, int64(2))
		broken = false
		for range 3 {
			is.NoErr(p.Run(t.Context()))
		}
		is.Equal(len(to.Transactions()), 20) // each id once: nothing lost, nothing under another name
		is.True(slices.Contains(to.IDs(), "test:0/1"))
		is.Equal(int64(len(to.Duplicates())), 2*lost) // counted, two children each
	})
}

func TestInputPayloadsOfAnySizeAreDelivered(t *testing.T) {
	for name, payload := range map[string][]byte{
		"nil": nil, "no bytes": {}, "one byte": {0}, "64 MiB": bytes.Repeat([]byte("0123456789abcdef"), 4<<20),
	} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			to, letters := &ergontest.Sink[[]byte]{}, &ergontest.Sink[[]byte]{}
			p := pipeline.From(ergontest.NewSource(payload, payload)).
				Transform(func(_ context.Context, tx ergon.Transaction[[]byte]) (ergon.Transaction[[]byte], error) {
					if tx.ID() == "test:1" {
						return tx, ergon.Business(errBoom)
					}
					return tx, nil
				}).
				MapBatch(2, time.Second, func(_ context.Context, all [][]byte) ([][]byte, error) { return all, nil }).
				DeadLetter(letters).To(to, stage.Batch(2, time.Second))
			is.NoErr(p.Run(t.Context()))
			for _, got := range [][][]byte{to.Payloads(), letters.Payloads()} {
				is.Equal(len(got), 1)
				is.True(bytes.Equal(got[0], payload))
				is.Equal(got[0] == nil, payload == nil)
			}
		})
	}
}

func TestInputMetadataOfAnyKindIsKeptByteForByte(t *testing.T) {
	many := map[string]any{}
	for i := range 100_000 {
		many[strconv.Itoa(i)] = int64(i)
	}
	for name, values := range map[string]map[string]any{
		"none":                   {},
		"invalid UTF-8":          {"\xff\xfe": "\xc3\x28", "a\xff": []byte{0xff}},
		"NUL and the like":       {"\x00": "a\x00b", "": "", "\u202e": "\x1b[31m\n"},
		"a hundred thousand":     many,
		"a key of ten megabytes": {strings.Repeat("k", 10<<20): "v"},
		"a value of ten":         {"k": strings.Repeat("v", 10<<20)},
	} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			txs := []ergon.Transaction[int]{ergon.NewTransaction("a", 0), ergon.NewTransaction("b", 1)}
			for i := range txs {
				txs[i] = txs[i].WithMetadata(ergon.MetadataOf(values))
			}
			to, letters := &ergontest.Sink[int]{}, &ergontest.Sink[int]{}
			p := pipeline.From(ergontest.SourceOf(txs...)).Map(failing(1, ergon.Business(errBoom))).
				FlatMap(children(2, nil)).MapBatch(2, time.Second, identity).DeadLetter(letters).To(to)
			is.NoErr(p.Run(t.Context()))
			is.Equal(to.IDs(), []string{"a/0", "a/1"})
			is.Equal(letters.IDs(), []string{"b"})
			for _, tx := range append(to.Transactions(), letters.Transactions()...) {
				got := maps.Collect(tx.Metadata().All())
				maps.DeleteFunc(got, func(key string, _ any) bool { return strings.HasPrefix(key, "ergon.") })
				is.True(maps.EqualFunc(got, values, func(a, b any) bool { return fmt.Sprintf("%T%q", a, a) == fmt.Sprintf("%T%q", b, b) }))
			}
		})
	}
}

// hollow is an error that says it wraps another, and does not.
type hollow struct{}

func (hollow) Error() string { return "hollow" }
func (hollow) Unwrap() error { return nil }

func TestInputAnErrorThatWrapsNothingIsAnError(t *testing.T) {
	bubbled(t, "of a stage, a sink and a handler", func(t *testing.T) {
		is := is.New(t)
		source, store, calls := tell(2), &shelf[int]{}, 0
		store.onDispatch = func(_ context.Context, call int, _ []ergon.Transaction[int]) error {
			if call == 1 {
				return hollow{}
			}
			return nil
		}
		p := pipeline.From(source, pipeline.With(steadily())).Map(failing(0, hollow{})).
			OnError(func(context.Context, ergon.Failure[int]) error { calls++; return errors.Join(hollow{}, hollow{}) }).To(store)
		is.NoErr(p.Run(t.Context()))
		is.Equal(calls, 3)
		is.Equal(store.ids(), []string{"t:1"})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 2, Succeeded: 1, Returned: 1, Retries: 3})
	})
}

// A Stop that hangs is named, and not waited for beyond the time of a stop.
func TestInputAStopThatHangsIsLeftBehind(t *testing.T) {
	hang := func(context.Context) error { deafCode(); return nil }
	for name, set := range map[string]func(s *ergontest.Source[int], to *ergontest.Sink[int]){
		"source.Stop": func(s *ergontest.Source[int], _ *ergontest.Sink[int]) { s.OnStop = hang },
		"sink.Stop":   func(_ *ergontest.Source[int], to *ergontest.Sink[int]) { to.OnStop = hang },
	} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			source, to, began := ergontest.NewSource(0), &ergontest.Sink[int]{}, time.Now()
			set(source, to)
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Drain: 10 * time.Second, Grace: 2 * time.Second})).To(to)
			err := p.Run(t.Context())
			var drain *pipeline.DrainError
			is.True(errors.As(err, &drain))
			is.Equal(len(drain.Stuck), 1)
			is.Equal(drain.Stuck[0].Stage, name)
			is.True(time.Since(began) <= 30*time.Second)
			is.Equal([]int{source.Stops(), to.Stops()}, []int{1, 1})
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Succeeded: 1})
			time.Sleep(2 * time.Hour) // it comes back
		})
	}
}
