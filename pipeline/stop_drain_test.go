package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// stopping returns a context that ends after d.
func stopping(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(d, cancel)
	return ctx
}

// taking returns a stage function that takes its time, whatever its context says.
func taking(d time.Duration) func(context.Context, int) (int, error) {
	return func(_ context.Context, v int) (int, error) { time.Sleep(d); return v, nil }
}

// openSource returns a source that never ends.
func openSource(payloads ...int) *ergontest.Source[int] {
	s := ergontest.NewSource(payloads...)
	s.Open = true
	return s
}

// Being told to stop is no error where everything in flight is brought to its
// end; partial batches go at once, and nothing more is fetched.
func TestI16_AStopBringsWhatIsInFlightToItsEnd(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to, began := openSource(0, 1, 2), &ergontest.Sink[int]{}, time.Now()
		source.OnStop = func(context.Context) error { is.Equal(to.Stops(), 1); return nil } // the source last
		p := pipeline.From(source).Map(taking(2*time.Second), stage.Workers(3)).
			MapBatch(100, time.Hour, identity).To(to, stage.Batch(100, time.Hour))
		is.NoErr(p.Stream(stopping(t, time.Second)))
		is.Equal(time.Since(began), 2*time.Second)
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 3})
		is.Equal(len(to.Payloads()), 3)
		is.Equal(source.Settled(ergon.Acked), []string{"test:0", "test:1", "test:2"})
		for _, f := range source.Fetches() {
			is.True(f.At.Sub(began) <= time.Second)
		}
		is.NoErr(errors.Join(source.Violations(), to.Violations()))
	})
}

// At a stop a batch does not wait for what is still on its way to it.
func TestI16_AStopFlushesBatchesThatOthersCouldStillJoin(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to, began := openSource(0, 1, 2), &ergontest.Sink[int]{}, time.Now()
		p := pipeline.From(source).Map(func(_ context.Context, v int) (int, error) {
			if v == 0 {
				time.Sleep(10 * time.Second)
			}
			return v, nil
		}, stage.Workers(2)).MapBatch(50, time.Hour, identity).To(to, stage.Batch(100, time.Hour))
		is.NoErr(p.Stream(stopping(t, time.Second)))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 3})
		var at []time.Duration
		for _, b := range to.Batches() {
			at = append(at, b.At.Sub(began))
		}
		is.Equal(at[0], time.Second)
		is.Equal(at[len(at)-1], 10*time.Second)
	})
}

// What cannot end in time is released: never acked, never a failure, whatever
// user code returns once it is cancelled, and with no attempt after the deadline.
func TestI17_WhatTheDrainCannotWaitForIsReleased(t *testing.T) {
	rows := []struct {
		name   string
		answer func(ctx context.Context) error
		opts   []stage.Option
	}{
		{"it returns its context's error", func(ctx context.Context) error { return ctx.Err() }, nil},
		{"it returns nil", func(context.Context) error { return nil }, nil},
		{"it returns a Business error", func(context.Context) error { return ergon.Business(errNotNow) }, nil},
		{"it returns Drop", func(context.Context) error { return ergon.Drop("no") }, nil},
		{"it returns Return", func(context.Context) error { return ergon.Return(0, nil) }, nil},
		{"it panics", func(context.Context) error { panic("cancelled") }, nil},
		{"it has retries", func(context.Context) error { return errNotNow }, []stage.Option{stage.Retry(oneSecond(9))}},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			source, to, began, calls := openSource(0, 1), &ergontest.Sink[int]{}, time.Now(), 0
			var cause error
			p := pipeline.From(source).Map(func(ctx context.Context, v int) (int, error) {
				calls++
				<-ctx.Done()
				cause = context.Cause(ctx)
				return v, row.answer(ctx)
			}, append(row.opts, stage.Named("slow"))...).
				OnError(func(context.Context, ergon.Failure[int]) error { t.Error("it is no failure"); return ergon.Handled }).
				DeadLetter(&ergontest.Sink[int]{}).To(to)
			err := p.Stream(stopping(t, time.Second))
			var drain *pipeline.DrainError
			is.True(errors.As(err, &drain))
			is.Equal(*drain, pipeline.DrainError{Released: 2})
			is.Equal(time.Since(began), 21*time.Second)
			is.Equal(cause, pipeline.ErrDrainTimeout)
			is.Equal(calls, 1)
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 2, Released: 2})
			is.Equal(source.Settled(ergon.Released), []string{"test:0", "test:1"})
			is.Equal(len(to.Batches()), 0)
			is.NoErr(source.Violations())
		})
	}
}

// A wait that would end after the deadline ends at the stop, not at the deadline;
// one that ends before it is waited for, and its attempt is made.
func TestI12_AWaitThatIsTooLongEndsAtTheStop(t *testing.T) {
	rows := []struct {
		name  string
		wait  time.Duration
		calls int
		took  time.Duration
		want  ergon.Ledger
	}{
		{"longer than the drain", 30 * time.Second, 1, time.Second, ergon.Ledger{Fetched: 1, Released: 1, Retries: 1}},
		{"shorter than the drain", 10 * time.Second, 2, 10 * time.Second, ergon.Ledger{Fetched: 1, Succeeded: 1, Retries: 1}},
	}
	places := map[string]func(f pipeline.Flow[int, int], to *ergontest.Sink[int], work func() error) pipeline.Pipeline{
		"in a stage": func(f pipeline.Flow[int, int], to *ergontest.Sink[int], work func() error) pipeline.Pipeline {
			return f.Map(func(_ context.Context, v int) (int, error) { return v, work() }, stage.Retry(oneSecond(2))).To(to)
		},
		"in an ordered stage": func(f pipeline.Flow[int, int], to *ergontest.Sink[int], work func() error) pipeline.Pipeline {
			return f.Ordered().Map(func(_ context.Context, v int) (int, error) { return v, work() }, stage.Retry(oneSecond(2))).To(to)
		},
		"at the sink": func(f pipeline.Flow[int, int], to *ergontest.Sink[int], work func() error) pipeline.Pipeline {
			to.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error { return work() }
			return f.To(to)
		},
	}
	for name, build := range places {
		for _, row := range rows {
			bubbled(t, row.name+" "+name, func(t *testing.T) {
				is := is.New(t)
				source, to, began, calls := openSource(0), &ergontest.Sink[int]{}, time.Now(), 0
				p := build(pipeline.From(source), to, func() error {
					if calls++; calls == 1 {
						return ergon.RetryAfter(row.wait, errNotNow)
					}
					return nil
				})
				err := p.Stream(stopping(t, time.Second))
				is.Equal(err != nil, row.want.Released > 0)
				is.Equal(calls, row.calls)
				is.Equal(time.Since(began), row.took)
				is.Equal(p.Ledger(), row.want)
			})
		}
	}
}

// deafCode ignores its context for an hour.
func deafCode() { time.Sleep(time.Hour) }

// Code that ignores its context is named with its stack after Drain and Grace;
// what it returns later changes nothing, and it is all that is left.
func TestI13_DeafCodeIsNamedAndLeftBehind(t *testing.T) {
	rows := []struct {
		name  string
		stage string
		id    string
		want  ergon.Ledger
		build func(source *ergontest.Source[int], to *ergontest.Sink[int], o ...pipeline.Option) pipeline.Pipeline
	}{
		{"a stage", "deaf", "test:0", ergon.Ledger{Fetched: 2, Released: 1, Unsettled: 1},
			func(source *ergontest.Source[int], to *ergontest.Sink[int], o ...pipeline.Option) pipeline.Pipeline {
				return pipeline.From(source, o...).Map(func(_ context.Context, v int) (int, error) { deafCode(); return v, nil }, stage.Named("deaf")).To(to)
			}},
		{"a sink", "deaf", "test:0", ergon.Ledger{Fetched: 2, Released: 1, Unsettled: 1},
			func(source *ergontest.Source[int], to *ergontest.Sink[int], o ...pipeline.Option) pipeline.Pipeline {
				to.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error { deafCode(); return nil }
				return pipeline.From(source, o...).To(to, stage.Named("deaf"))
			}},
		{"OnError", "on-error", "test:0", ergon.Ledger{Fetched: 2, Released: 1, Unsettled: 1},
			func(source *ergontest.Source[int], to *ergontest.Sink[int], o ...pipeline.Option) pipeline.Pipeline {
				return pipeline.From(source, o...).Map(func(_ context.Context, v int) (int, error) { return v, errNotNow }).
					OnError(func(context.Context, ergon.Failure[int]) error { deafCode(); return nil }).To(to)
			}},
		{"Settle", "settle", "test:0", ergon.Ledger{Fetched: 2, Unsettled: 2},
			func(source *ergontest.Source[int], to *ergontest.Sink[int], o ...pipeline.Option) pipeline.Pipeline {
				source.OnSettle = func(context.Context, int, []ergon.Settlement[int]) error { deafCode(); return nil }
				return pipeline.From(source, o...).To(to)
			}},
		{"Fetch", "fetch", "", ergon.Ledger{Fetched: 2, Succeeded: 2},
			func(source *ergontest.Source[int], to *ergontest.Sink[int], o ...pipeline.Option) pipeline.Pipeline {
				source.OnFetch = func(_ context.Context, call, most int) (int, error) {
					if call > 1 {
						deafCode()
					}
					return most, nil
				}
				return pipeline.From(source, o...).To(to)
			}},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			source, to, began := openSource(0, 1), &ergontest.Sink[int]{}, time.Now()
			p := row.build(source, to, pipeline.With(pipeline.Policy{Drain: 10 * time.Second, Grace: 2 * time.Second}))
			err := p.Stream(stopping(t, time.Second))
			is.True(time.Since(began) >= 13*time.Second)
			is.True(time.Since(began) < 13*time.Second+time.Second/2)
			is.True(errors.Is(err, pipeline.ErrDrainTimeout))
			var drain *pipeline.DrainError
			is.True(errors.As(err, &drain))
			is.Equal(len(drain.Stuck), 1)
			is.Equal(drain.Stuck[0].Stage, row.stage)
			is.Equal(drain.Stuck[0].Transaction, row.id)
			is.True(strings.Contains(drain.Stuck[0].Stack, "deafCode"))
			is.True(strings.Contains(err.Error(), row.stage))
			is.Equal(p.Ledger(), row.want)
			is.Equal(int64(len(source.Settlements())), row.want.Settled())
			time.Sleep(2 * time.Hour) // it comes back
			synctest.Wait()
			if row.stage != "settle" { // that call was made before
				is.Equal(int64(len(source.Settlements())), row.want.Settled())
			}
			is.Equal(p.Ledger(), row.want)
		})
	}
}

// Fatal stops the pipeline as if it had been told to, and is what Run returns.
func TestFatalStopsAndReleasesItsTransaction(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to := ergontest.NewSource(0, 1, 2, 3), &ergontest.Sink[int]{}
		disk := errors.New("the disk is full")
		p := pipeline.From(source, pipeline.With(pipeline.Policy{FetchBatch: 2})).Map(func(_ context.Context, v int) (int, error) {
			if v == 1 {
				return 0, ergon.Fatal(disk)
			}
			time.Sleep(time.Second)
			return v, nil
		}, stage.Workers(2), stage.Retry(retry.Policy{MaxAttempts: 9})).To(to)
		err := p.Run(t.Context())
		is.True(errors.Is(err, disk))
		var drain *pipeline.DrainError
		is.True(errors.As(err, &drain))
		is.Equal(drain.Released, int64(1))
		is.Equal(source.Settled(ergon.Released), []string{"test:1"})
		is.True(slices.Contains(to.Payloads(), 0))
		is.True(p.Ledger().Balanced())
	})
}
