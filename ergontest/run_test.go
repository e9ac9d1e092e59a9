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
