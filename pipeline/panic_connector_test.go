package pipeline_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// flakyCounter is a source whose Count does not return the first times, while
// there is nothing to fetch.
type flakyCounter struct {
	*ergontest.Source[int]
	bad   func()
	calls int
}

func (c *flakyCounter) Count(ctx context.Context) (int, error) {
	c.calls++
	if c.calls <= 20 {
		c.bad()
	}
	return c.Source.Count(ctx)
}

// A connector's method that does not return is one call that failed: it is made
// again, and everything is stored.
func TestI9_AConnectorThatDoesNotReturnIsCalledAgain(t *testing.T) {
	once := func(do func()) func(int) {
		return func(call int) {
			if call == 1 {
				do()
			}
		}
	}
	rows := []struct {
		name    string
		retries int64
		set     func(s *ergontest.Source[int], to *ergontest.Sink[int], bad func(call int))
	}{
		{"Fetch", 0, func(s *ergontest.Source[int], _ *ergontest.Sink[int], bad func(int)) {
			s.OnFetch = func(_ context.Context, call, most int) (int, error) { bad(call); return most, nil }
		}},
		{"Settle", 1, func(s *ergontest.Source[int], _ *ergontest.Sink[int], bad func(int)) {
			s.OnSettle = func(_ context.Context, call int, _ []ergon.Settlement[int]) error { bad(call); return nil }
		}},
		{"Extend", 0, func(s *ergontest.Source[int], _ *ergontest.Sink[int], bad func(int)) {
			s.OnExtend = func(_ context.Context, call int, _ []ergon.Transaction[int]) error { bad(call); return nil }
		}},
		{"Dispatch", 1, func(_ *ergontest.Source[int], to *ergontest.Sink[int], bad func(int)) {
			to.OnDispatch = func(_ context.Context, call int, _ []ergon.Transaction[int]) error { bad(call); return nil }
		}},
	}
	for _, how := range misdeeds {
		for _, row := range rows {
			bubbled(t, row.name+" "+how.name, func(t *testing.T) {
				is := is.New(t)
				source, to := ergontest.NewSource(0, 1, 2), &ergontest.Sink[int]{}
				row.set(source, to, once(how.do))
				p := pipeline.From(source.Leased(20*time.Second), pipeline.With(pipeline.Policy{InFlight: 1})).
					Map(func(_ context.Context, v int) (int, error) { time.Sleep(25 * time.Second); return v, nil }).To(to)
				is.NoErr(p.Run(t.Context()))
				is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 3, Retries: row.retries})
				is.Equal(to.Payloads(), []int{0, 1, 2})
				is.Equal(source.Settled(ergon.Acked), []string{"test:0", "test:1", "test:2"})
				is.NoErr(errors.Join(source.Violations(), to.Violations()))
			})
		}
	}
}

// A Count that does not return says nothing, and is not asked without a pause.
func TestI9_ACountThatDoesNotReturnIsAskedAgainAfterAWait(t *testing.T) {
	for _, how := range misdeeds {
		bubbled(t, how.name, func(t *testing.T) {
			is := is.New(t)
			began := time.Now()
			source := ergontest.NewSource[int]()
			source.Open = true
			counter := &flakyCounter{Source: source, bad: how.do}
			p := pipeline.From(counter, pipeline.With(pipeline.Policy{
				Fetch: retry.Policy{MaxAttempts: retry.Unlimited, Jitter: retry.NoJitter},
			})).To(&ergontest.Sink[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(counter.calls, 21)
			is.Equal(time.Since(began), 51100*time.Millisecond+11*30*time.Second) // 100, 200 … 25,600 ms, then 30 s each, as a fetch
		})
	}
}

// A source that never fetches is given up after five attempts, and not asked a
// sixth time by the goroutine that takes over.
func TestI9_AFetchThatNeverReturnsIsGivenUp(t *testing.T) {
	for _, how := range misdeeds {
		bubbled(t, how.name, func(t *testing.T) {
			is := is.New(t)
			source := ergontest.NewSource(0)
			source.OnFetch = func(context.Context, int, int) (int, error) { how.do(); return 0, nil }
			err := pipeline.From(source).To(&ergontest.Sink[int]{}).Run(t.Context())
			is.True(how.is(err))
			is.Equal(len(source.Fetches()), 5)
			is.Equal(source.Stops(), 1)
		})
	}
}

// A Start or Stop that does not return is an error of the run, and everything
// that was started is stopped all the same.
func TestI9_AStartOrStopThatDoesNotReturnIsReported(t *testing.T) {
	rows := []struct {
		name    string
		fetches int
		set     func(s *ergontest.Source[int], to *ergontest.Sink[int], bad func(context.Context) error)
	}{
		{"Start of the source", 0, func(s *ergontest.Source[int], _ *ergontest.Sink[int], bad func(context.Context) error) {
			s.OnStart = bad
		}},
		{"Start of the sink", 0, func(_ *ergontest.Source[int], to *ergontest.Sink[int], bad func(context.Context) error) {
			to.OnStart = bad
		}},
		{"Stop of the source", 2, func(s *ergontest.Source[int], _ *ergontest.Sink[int], bad func(context.Context) error) {
			s.OnStop = bad
		}},
		{"Stop of the sink", 2, func(_ *ergontest.Source[int], to *ergontest.Sink[int], bad func(context.Context) error) {
			to.OnStop = bad
		}},
	}
	for _, how := range misdeeds {
		for _, row := range rows {
			bubbled(t, row.name+" "+how.name, func(t *testing.T) {
				is := is.New(t)
				source, to := ergontest.NewSource(7), &ergontest.Sink[int]{}
				row.set(source, to, func(context.Context) error { how.do(); return nil })
				err := pipeline.From(source).To(to).Run(t.Context())
				is.True(how.is(err))
				is.Equal(source.Stops(), 1)
				is.Equal(len(source.Fetches()) > 0, row.fetches > 0)
				is.Equal(slices.Equal(to.Payloads(), []int{7}), row.fetches > 0)
			})
		}
	}
}

// saboteur is an observer that does not return from one kind of event.
type saboteur struct {
	kind ergon.Kind
	end  bool
	do   func()
}

func (s *saboteur) Begin(ctx context.Context, e *ergon.Event) context.Context {
	if e.Kind == s.kind && !s.end {
		s.do()
	}
	return ctx
}

func (s *saboteur) End(_ context.Context, e *ergon.Event) {
	if e.Kind == s.kind && s.end {
		s.do()
	}
}

var watchedKinds = []ergon.Kind{
	ergon.KindFetch, ergon.KindBatch, ergon.KindTransaction, ergon.KindAttempt, ergon.KindWait,
	ergon.KindDispatch, ergon.KindHandler, ergon.KindSuccess, ergon.KindSettle, ergon.KindExtend,
}

// busyPipeline has something to tell of every kind of event but those of a stop.
func busyPipeline(source *ergontest.Source[int], to *ergontest.Sink[int], o ergon.Observer) pipeline.Pipeline {
	calls := 0
	return pipeline.From(source.Leased(20*time.Second), pipeline.Observe(o), pipeline.With(pipeline.Policy{InFlight: 1})).
		Map(func(_ context.Context, v int) (int, error) {
			time.Sleep(11 * time.Second)
			calls++
			switch {
			case calls == 1:
				return v, errors.New("try again")
			case v == 0:
				return v, ergon.Business(errors.New("no"))
			}
			return v, nil
		}, stage.Retry(oneSecond(2))).
		OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).
		OnSuccess(func(context.Context, ergon.Transaction[int]) error { return nil }).To(to)
}

// An observer that panics is detached and reported; the run is otherwise unharmed.
func TestAnObserverThatPanicsIsDetachedAndReported(t *testing.T) {
	for _, kind := range append(slices.Clone(watchedKinds), ergon.KindRun) {
		for _, end := range []bool{false, true} {
			bubbled(t, kind.String(), func(t *testing.T) {
				is := is.New(t)
				source, to := ergontest.NewSource(0, 1), &ergontest.Sink[int]{}
				p := busyPipeline(source, to, &saboteur{kind, end, panicHere})
				err := p.Run(t.Context())
				is.True(errors.Is(err, pipeline.ErrObserver))
				var caught *ergon.PanicError
				is.True(errors.As(err, &caught))
				is.Equal(p.Ledger(), ergon.Ledger{Fetched: 2, Succeeded: 1, Handled: 1, Retries: 1})
				is.Equal(source.Settled(ergon.Acked), []string{"test:0", "test:1"})
				is.NoErr(errors.Join(source.Violations(), to.Violations()))
			})
		}
	}
}

// An observer that ends a goroutine of the engine ends the run: it says so, in
// time, and the account balances.
func TestAnObserverThatEndsItsGoroutineEndsTheRun(t *testing.T) {
	for _, kind := range watchedKinds {
		for _, end := range []bool{false, true} {
			bubbled(t, kind.String(), func(t *testing.T) {
				is := is.New(t)
				source, to := ergontest.NewSource(0, 1), &ergontest.Sink[int]{}
				p := busyPipeline(source, to, &saboteur{kind, end, runtime.Goexit})
				began := time.Now()
				err := p.Run(t.Context())
				is.True(errors.Is(err, pipeline.ErrObserver))
				is.True(errors.Is(err, ergon.ErrGoexit))
				is.True(!errors.Is(err, pipeline.ErrUnbalanced))
				is.True(p.Ledger().Balanced())
				is.Equal(p.Ledger().InFlight, int64(0))
				is.True(time.Since(began) < 2*time.Minute)
				is.NoErr(errors.Join(source.Violations(), to.Violations()))
			})
		}
	}
}
