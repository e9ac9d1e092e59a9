package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// diary notes what was called, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(line string, err error) func(context.Context) error {
	return func(context.Context) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.lines = append(d.lines, line)
		return err
	}
}

// Start is called on everything before the first fetch, Stop in reverse after the
// last settlement, and also where a Start, a Stop or the run itself has failed.
func TestStartAndStopAreCalledInOrderWhateverFails(t *testing.T) {
	all := []string{"+source", "+sink", "+letters", "-letters", "-sink", "-source"}
	rows := []struct {
		name  string
		fails string
		want  []string
	}{
		{"nothing fails", "", all},
		{"the run", "run", all},
		{"the first Start", "+source", []string{"+source", "-source"}},
		{"a later Start", "+sink", []string{"+source", "+sink", "-sink", "-source"}},
		{"a Stop", "-sink", all},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			d := &diary{}
			failure := errors.New("no")
			hook := func(name string) func(context.Context) error {
				if name == row.fails {
					return d.note(name, failure)
				}
				return d.note(name, nil)
			}
			source, to, letters := ergontest.NewSource(0), &ergontest.Sink[int]{}, &ergontest.Sink[int]{}
			source.OnStart, source.OnStop = hook("+source"), hook("-source")
			to.OnStart, to.OnStop = hook("+sink"), hook("-sink")
			letters.OnStart, letters.OnStop = hook("+letters"), hook("-letters")
			p := pipeline.From(source).Map(func(_ context.Context, v int) (int, error) {
				if row.fails == "run" {
					return v, ergon.Fatal(failure)
				}
				return v, nil
			}).DeadLetter(letters).To(to)
			err := p.Run(t.Context())
			is.Equal(errors.Is(err, failure), row.fails != "")
			is.Equal(d.lines, row.want)
			is.Equal(len(source.Fetches()) > 0, row.fails == "" || row.fails == "run" || row.fails == "-sink")
			is.NoErr(errors.Join(source.Violations(), to.Violations()))
		})
	}
}

// A Start that hangs ends with the run's context; one that ignores it is named.
func TestAStartThatHangsCanBeStopped(t *testing.T) {
	told := errors.New("told to")
	for _, deaf := range []bool{false, true} {
		bubbled(t, "", func(t *testing.T) {
			is := is.New(t)
			source, began := ergontest.NewSource(0), time.Now()
			source.OnStart = func(ctx context.Context) error {
				if deaf {
					deafCode()
				}
				<-ctx.Done()
				return context.Cause(ctx)
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Second, func() { cancel(told) })
			err := pipeline.From(source).To(&ergontest.Sink[int]{}).Run(ctx)
			is.Equal(len(source.Fetches()), 0)
			if !deaf {
				is.NoErr(err) // being told to stop is no error
				is.Equal(time.Since(began), time.Second)
				return
			}
			var drain *pipeline.DrainError
			is.True(errors.As(err, &drain))
			is.Equal(drain.Stuck[0].Stage, "source.Start")
			is.True(strings.Contains(drain.Stuck[0].Stack, "deafCode"))
			is.True(time.Since(began) < 12*time.Second)
			time.Sleep(2 * time.Hour)
		})
	}
}

// A pipeline runs once at a time, and again and again.
func TestAPipelineRunsOnceAtATimeAndAgain(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to := ergontest.NewSource(0), &ergontest.Sink[int]{}
		p := pipeline.From(source).Map(taking(time.Second)).To(to)
		is.Equal(p.Ledger(), ergon.Ledger{})
		first := make(chan error)
		go func() { first <- p.Run(t.Context()) }()
		synctest.Wait()
		is.Equal(p.Run(t.Context()), pipeline.ErrRunning)
		same := p
		is.Equal(same.Stream(t.Context()), pipeline.ErrRunning)
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, InFlight: 1}) // of the run that goes on
		is.NoErr(<-first)
		for i := range 3 {
			source.Add(i + 1)
			is.NoErr(p.Run(t.Context()))
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Succeeded: 1})
		}
		is.Equal(to.Payloads(), []int{0, 1, 2, 3})
		is.Equal(source.Starts(), 4)
		is.NoErr(errors.Join(source.Violations(), to.Violations()))
	})
}

// What a stop has released comes again in the next run.
func TestWhatWasReleasedComesInTheNextRun(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to := ergontest.NewSource(0, 1, 2), &ergontest.Sink[int]{}
		slow := true
		p := pipeline.From(source, pipeline.With(pipeline.Policy{Drain: time.Second})).
			Map(func(ctx context.Context, v int) (int, error) {
				if slow && v > 0 {
					<-ctx.Done()
				}
				return v, nil
			}, stage.Workers(3)).To(to)
		is.True(p.Run(stopping(t, time.Second)) != nil)
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 1, Released: 2})
		slow = false
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 2, Succeeded: 2})
		is.Equal(len(to.Payloads()), 3)
	})
}

// A run that was told to stop before it began fetches nothing.
func TestARunThatIsStoppedBeforeItBeginsFetchesNothing(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source := ergontest.NewSource(0)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		p := pipeline.From(source).To(&ergontest.Sink[int]{})
		is.NoErr(p.Run(ctx))
		is.Equal(len(source.Fetches()), 0)
		is.Equal(source.Stops(), source.Starts())
		is.Equal(p.Ledger(), ergon.Ledger{})
	})
}

// The time of a run ends it like a stop, and is its error.
func TestRunTimeoutStopsTheRun(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to, began := openSource(0, 1), &ergontest.Sink[int]{}, time.Now()
		p := pipeline.From(source, pipeline.With(pipeline.Policy{RunTimeout: 3 * time.Second})).Map(taking(2 * time.Second)).To(to)
		err := p.Stream(t.Context())
		is.True(errors.Is(err, pipeline.ErrRunTimeout))
		is.Equal(time.Since(began), 4*time.Second) // what is in flight comes to its end
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 2, Succeeded: 2})
	})
}

// While paused nothing is fetched, and what is in flight goes on.
func TestAPauseKeepsFromFetchingOnly(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to, began := openSource(0, 1, 2, 3), &ergontest.Sink[int]{}, time.Now()
		p := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 2})).Map(taking(time.Second), stage.Workers(2)).
			To(to, stage.Batch(2, 24*time.Hour))
		p.Pause()
		p.Pause()
		time.AfterFunc(time.Minute, p.Resume)
		time.AfterFunc(time.Minute+500*time.Millisecond, p.Pause)
		time.AfterFunc(time.Hour, func() { p.Resume(); p.Resume() })
		is.NoErr(p.Stream(stopping(t, 2*time.Hour)))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 4, Succeeded: 4})
		var at []time.Duration
		for _, b := range to.Batches() {
			at = append(at, b.At.Sub(began))
		}
		is.Equal(at, []time.Duration{61 * time.Second, time.Hour + time.Second})
		i := slices.IndexFunc(source.Fetches(), func(f ergontest.FetchCall) bool { return f.At.Before(began.Add(time.Minute)) })
		is.Equal(i, -1)
	})
}

// Fetches that get nothing wait longer each time, up to a second.
func TestEmptyFetchesWaitLongerEachTime(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, began := openSource(), time.Now()
		is.NoErr(pipeline.From(source).To(&ergontest.Sink[int]{}).Stream(stopping(t, 5*time.Second)))
		var at []time.Duration
		for _, f := range source.Fetches() {
			at = append(at, f.At.Sub(began)/time.Millisecond)
		}
		is.Equal(at, []time.Duration{0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2023, 3023, 4023})
	})
}
