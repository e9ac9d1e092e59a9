package ergontest

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

var errTest = errors.New("no connection")

// watched is Run, with what it has found instead of a failed test.
func watched(t *testing.T, build func(*testing.T) pipeline.Pipeline, opts ...Option) (Result, []string) {
	var found []string
	result := run(t, func(faults []string) { found = faults }, build, settingsOf(opts))
	return result, found
}

// found reports whether there is a fault with each of the texts, and no other.
func found(faults []string, texts ...string) bool {
	if len(faults) != len(texts) {
		return false
	}
	for i, text := range texts {
		if !strings.Contains(faults[i], text) {
			return false
		}
	}
	return true
}

// meddler is a Source behind which somebody has put a hand.
type meddler struct {
	*Source[int]
	fetched func(ctx context.Context, txs []ergon.Transaction[int])
	settle  func(ctx context.Context, settlements []ergon.Settlement[int]) error
}

func (m meddler) Fetch(ctx context.Context, n int) ([]ergon.Transaction[int], error) {
	txs, err := m.Source.Fetch(ctx, n)
	if m.fetched != nil {
		m.fetched(ctx, txs)
	}
	return txs, err
}

func (m meddler) Settle(ctx context.Context, settlements []ergon.Settlement[int]) error {
	if m.settle != nil {
		return m.settle(ctx, settlements)
	}
	return m.Source.Settle(ctx, settlements)
}

func acks(txs []ergon.Transaction[int]) []ergon.Settlement[int] {
	settlements := make([]ergon.Settlement[int], len(txs))
	for i, tx := range txs {
		settlements[i] = ergon.Settlement[int]{Transaction: tx, Verdict: ergon.Acked}
	}
	return settlements
}

func TestTheKitFails(t *testing.T) {
	same := func(_ context.Context, n int) (int, error) { return n, nil }
	tests := []struct {
		name  string
		build func(t *testing.T) pipeline.Pipeline
		opts  []Option
		want  []string
	}{
		{"an ack before the sink has it", func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			m := meddler{Source: s}
			m.fetched = func(ctx context.Context, txs []ergon.Transaction[int]) {
				if len(txs) > 0 {
					_ = s.Settle(ctx, acks(txs))
				}
			}
			m.settle = func(context.Context, []ergon.Settlement[int]) error { return nil }
			return pipeline.From(m).To(&Sink[int]{})
		}, nil, []string{`acked before everything that came of it was stored: ["test:0"]`, "1 transactions were acked when nothing of them was stored"}},
		{"an ack of what never reached the sink", func(*testing.T) pipeline.Pipeline {
			s := NewSource(1, 2)
			m := meddler{Source: s}
			m.settle = func(ctx context.Context, settlements []ergon.Settlement[int]) error {
				for i := range settlements {
					settlements[i].Verdict, settlements[i].Delay, settlements[i].Cause = ergon.Acked, 0, nil
				}
				return s.Settle(ctx, settlements)
			}
			return pipeline.From(m).To(sinkOf(ergon.Business(errTest)))
		}, nil, []string{`1 transactions were acked when nothing of them was stored, the ledger explains 0: ["test:0"]`}},
		{"an ack when one child of two is stored", func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			m := meddler{Source: s}
			var fetched []ergon.Transaction[int]
			m.fetched = func(_ context.Context, txs []ergon.Transaction[int]) {
				if len(txs) > 0 {
					fetched = txs
				}
			}
			m.settle = func(context.Context, []ergon.Settlement[int]) error { return nil }
			var got Sink[int]
			got.OnDispatch = func(ctx context.Context, call int, _ []ergon.Transaction[int]) error {
				if call == 2 {
					return s.Settle(ctx, acks(fetched))
				}
				return nil
			}
			return pipeline.From(m).FlatMap(twice).To(&got)
		}, nil, []string{`acked before everything that came of it was stored: ["test:0"]`}},
		{"a transaction that is lost", func(*testing.T) pipeline.Pipeline {
			m := meddler{Source: NewSource(1, 2)}
			m.settle = func(context.Context, []ergon.Settlement[int]) error { return nil }
			return pipeline.From(m, pipeline.With(pipeline.Policy{Limit: 2})).To(&Sink[int]{})
		}, nil, []string{`2 transactions were handed out and never settled, the ledger says 0: ["test:0" "test:1"]`}},
		{"a transaction that is settled twice", func(*testing.T) pipeline.Pipeline {
			m := meddler{Source: NewSource(1)}
			m.settle = func(ctx context.Context, settlements []ergon.Settlement[int]) error {
				return errors.Join(m.Source.Settle(ctx, settlements), m.Source.Settle(ctx, settlements))
			}
			return pipeline.From(m).To(&Sink[int]{})
		}, nil, []string{`"test:0" was settled twice: acked, then acked`}},
		{"a goroutine that is left blocked", func(*testing.T) pipeline.Pipeline {
			leak := func(_ context.Context, n int) (int, error) {
				go func() { select {} }()
				return n, nil
			}
			return pipeline.From(NewSource(1)).Map(leak).To(&Sink[int]{})
		}, nil, []string{"a goroutine is left:\n\tgoroutine"}},
		{"a goroutine that is left asleep", func(*testing.T) pipeline.Pipeline {
			go time.Sleep(time.Hour)
			return pipeline.From(NewSource(1)).To(&Sink[int]{})
		}, nil, []string{"a goroutine is left:\n\tgoroutine"}},
		{"a build that is deadlocked", func(*testing.T) pipeline.Pipeline {
			<-make(chan int)
			return pipeline.Pipeline{}
		}, nil, []string{"deadlock: all goroutines in bubble are blocked"}},
		{"a pipeline that is not one", func(*testing.T) pipeline.Pipeline {
			return pipeline.Pipeline{}
		}, nil, []string{"the run returned an error: "}},
		{"a run that fails", func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1)).To(sinkOf(ergon.Fatal(errTest)))
		}, nil, []string{"the run returned an error: no connection"}},
		{"a run that should fail", func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1)).To(&Sink[int]{})
		}, []Option{Fails()}, []string{"the run returned no error"}},
		{"a run that does not end", func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			s.Open = true
			return pipeline.From(s).Map(same).To(&Sink[int]{})
		}, []Option{Streaming()}, []string{"the run has not ended within 24h0m0s and was stopped"}},
		{"a sink that is down for longer than allowed", func(*testing.T) pipeline.Pipeline {
			var got Sink[int]
			got.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error { return errTest }
			return pipeline.From(NewSource(1)).To(&got)
		}, []Option{Within(time.Hour)}, []string{"the run has not ended within 1h0m0s and was stopped"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			_, faults := watched(t, tt.build, tt.opts...)
			if !found(faults, tt.want...) {
				t.Logf("%q", faults)
				is.Fail() // other faults than wanted
			}
		})
	}
}

// sinkOf returns a Sink whose calls fail with errors, one after the other.
func sinkOf(errs ...error) *Sink[int] {
	var s Sink[int]
	s.DispatchErrors(errs...)
	return &s
}

func twice(_ context.Context, n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) { _ = yield(n, nil) && yield(-n, nil) }
}

func TestTheKitIsContent(t *testing.T) {
	tests := []struct {
		name  string
		build func(t *testing.T) pipeline.Pipeline
		opts  []Option
		want  ergon.Ledger
	}{
		{name: "nothing to do", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource[int]()).To(&Sink[int]{})
		}},
		{name: "everything is stored", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1, 2, 3)).To(&Sink[int]{}, stage.Batch(2, time.Second))
		}, want: ergon.Ledger{Fetched: 3, Succeeded: 3}},
		{name: "children", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1, 2)).FlatMap(twice).To(&Sink[int]{})
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 2}},
		{name: "groups", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1, 2, 3)).Group[[]int](2, time.Second).To(&Sink[[]int]{})
		}, want: ergon.Ledger{Fetched: 3, Succeeded: 3}},
		{name: "filtered", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1, 2)).Filter(func(n int) bool { return n > 1 }).To(&Sink[int]{})
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 1, Dropped: 1}},
		{name: "handled", build: func(*testing.T) pipeline.Pipeline {
			handle := func(context.Context, ergon.Failure[int]) error { return ergon.Handled }
			return pipeline.From(NewSource(1, 2)).OnError(handle).To(sinkOf(ergon.Business(errTest)))
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 1, Handled: 1}},
		{name: "a dead letter", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1, 2)).DeadLetter(&Sink[int]{}).To(sinkOf(ergon.Business(errTest)))
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 1, DeadLettered: 1}},
		{name: "returned, and stored the next time", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1)).To(sinkOf(ergon.Return(time.Hour, errTest)))
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 1, Returned: 1}},
		{name: "two branches", build: func(*testing.T) pipeline.Pipeline {
			to := func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(&Sink[int]{}) }
			return pipeline.From(NewSource(1, 2)).Fork(to, to)
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 2}},
		{name: "a branch that nobody waits for", build: func(*testing.T) pipeline.Pipeline {
			to := func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(&Sink[int]{}) }
			slow := func(f pipeline.Flow[int, int]) pipeline.Pipeline {
				var got Sink[int]
				got.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error { time.Sleep(time.Second); return nil }
				return f.To(&got, stage.BestEffort())
			}
			return pipeline.From(NewSource(1, 2)).Fork(to, slow)
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 2}},
		{name: "a sink of somebody else", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1)).To(foreign{})
		}, want: ergon.Ledger{Fetched: 1, Succeeded: 1}},
		{name: "errors of every kind", build: func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			s.FetchErrors(errTest, errTest)
			s.SettleErrors(errTest, StoredBut(errTest), ergon.ItemErrors{errTest})
			return pipeline.From(s).To(sinkOf(errTest, ergon.ItemErrors{errTest}, StoredBut(errTest), ergon.ItemErrors{}))
		}, want: ergon.Ledger{Fetched: 1, Succeeded: 1, Retries: 7}},
		{name: "hooks that do not return", build: func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			s.OnFetch = func(ctx context.Context, call, n int) (int, error) { return n + 1, misbehave(ctx, call) }
			s.OnSettle = func(ctx context.Context, call int, _ []ergon.Settlement[int]) error { return misbehave(ctx, call) }
			var got Sink[int]
			got.OnDispatch = func(ctx context.Context, call int, _ []ergon.Transaction[int]) error { return misbehave(ctx, call) }
			return pipeline.From(s, pipeline.With(pipeline.Policy{Settle: retry.Policy{Within: time.Hour}})).To(&got)
		}, want: ergon.Ledger{Fetched: 1, Succeeded: 1, Retries: 6}},
		{name: "items together with an error", build: func(*testing.T) pipeline.Pipeline {
			s := NewSource(1, 2)
			s.OnFetch = func(_ context.Context, call, _ int) (int, error) { return 1, nth([]error{errTest, errTest}, call) }
			return pipeline.From(s).To(&Sink[int]{})
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 2}},
		{name: "what is fetched when it is time to stop", build: func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			s.OnFetch = func(ctx context.Context, _, n int) (int, error) {
				<-ctx.Done()
				return n, ctx.Err()
			}
			return pipeline.From(s).To(&Sink[int]{})
		}, opts: []Option{StopAfter(time.Hour)}, want: ergon.Ledger{Fetched: 1, Succeeded: 1}},
		{name: "ids that are made up", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(SourceOf(ergon.NewTransaction("", 1), ergon.NewTransaction("", 2))).To(&Sink[int]{})
		}, want: ergon.Ledger{Fetched: 2, Succeeded: 2}},
		{name: "stopped before it begins", build: func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1)).To(&Sink[int]{})
		}, opts: []Option{StopAfter(0)}},
		{name: "stopped after an hour", build: func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			s.Open = true
			return pipeline.From(s).To(&Sink[int]{})
		}, opts: []Option{Streaming(), StopAfter(time.Hour)}, want: ergon.Ledger{Fetched: 1, Succeeded: 1}},
		{name: "stopped by itself", build: func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			s.Open = true
			var got Sink[int]
			got.OnDispatch = func(ctx context.Context, _ int, _ []ergon.Transaction[int]) error { Stop(ctx); return nil }
			return pipeline.From(s).To(&got)
		}, opts: []Option{Streaming()}, want: ergon.Ledger{Fetched: 1, Succeeded: 1}},
		{name: "a goroutine that the test ends itself", build: func(t *testing.T) pipeline.Pipeline {
			end := make(chan struct{})
			t.Cleanup(func() { close(end) })
			go func() { <-end }()
			return pipeline.From(NewSource(1)).To(&Sink[int]{})
		}, want: ergon.Ledger{Fetched: 1, Succeeded: 1}},
		{name: "code that is deaf to its context for a while", build: deaf(time.Minute), opts: []Option{StopAfter(time.Second), Fails()}, want: ergon.Ledger{Fetched: 1, Unsettled: 1}},
		{name: "code that is deaf to its context for ever", build: deaf(0), opts: []Option{StopAfter(time.Second), Fails()}, want: ergon.Ledger{Fetched: 1, Unsettled: 1}},
		{name: "a lease that is extended", build: func(*testing.T) pipeline.Pipeline {
			slow := func(_ context.Context, n int) (int, error) { time.Sleep(50 * time.Second); return n, nil }
			return pipeline.From(NewSource(1).Leased(10 * time.Second)).Map(slow).To(&Sink[int]{})
		}, want: ergon.Ledger{Fetched: 1, Succeeded: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			result, faults := watched(t, tt.build, tt.opts...)
			is.Equal(faults, nil)
			is.Equal(result.Ledger, tt.want)
		})
	}
}

// misbehave panics the first time, ends its goroutine the second, waits for its
// context the third, and works from then on.
func misbehave(ctx context.Context, call int) error {
	switch call {
	case 1:
		panic("no")
	case 2:
		runtime.Goexit()
	case 3:
		ctx, cancel := context.WithTimeout(ctx, time.Minute) // a fetch may take its time
		defer cancel()
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

type foreign struct{}

func (foreign) Dispatch(context.Context, []ergon.Transaction[int]) error { return nil }

// deaf returns a pipeline with a stage that takes d, or for ever, whatever its
// context says.
func deaf(d time.Duration) func(*testing.T) pipeline.Pipeline {
	return func(*testing.T) pipeline.Pipeline {
		stuck := func(_ context.Context, n int) (int, error) {
			if d == 0 {
				select {}
			}
			time.Sleep(d)
			return n, nil
		}
		return pipeline.From(NewSource(1)).Map(stuck).To(&Sink[int]{})
	}
}

func TestHoursTakeNoTime(t *testing.T) {
	is := is.New(t)
	patiently := retry.Policy{MaxAttempts: 5, Backoff: time.Hour, BackoffCap: time.Hour, Jitter: retry.NoJitter}
	result := Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(NewSource(1)).To(sinkOf(errTest, errTest, errTest), stage.Retry(patiently))
	})
	is.Equal(result.Took, 3*time.Hour)
	is.Equal(result.Ledger.Retries, int64(3))
}

func TestTheErrorOfARunIsInTheResult(t *testing.T) {
	is := is.New(t)
	result := Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(NewSource(1)).To(sinkOf(ergon.Fatal(errTest)))
	}, Fails())
	is.True(errors.Is(result.Err, errTest))
	is.Equal(result.Ledger.Released, int64(1))
}

func TestStopOutsideARunDoesNothing(t *testing.T) {
	Stop(t.Context())
	is.New(t).NoErr(t.Context().Err())
}
