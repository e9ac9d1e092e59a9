package pipeline_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

var errOnce = errors.New("once")

// A snapshot is empty before the first run, true while one goes on, and stays after it.
func TestSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		tried := false
		p := pipeline.From(source.Slice(make([]int, 30)), pipeline.Named("slow")).
			Map(func(_ context.Context, v int) (int, error) {
				if !tried {
					tried = true
					return 0, errOnce
				}
				return v, nil
			}, stage.Named("quick"), stage.Retry(retry.Policy{Backoff: time.Second, Jitter: retry.NoJitter})).
			To(sink.Each(func(context.Context, int) error { time.Sleep(time.Minute); return nil }), stage.Buffer(3), stage.Workers(2), stage.Retry(retry.Policy{AttemptTimeout: time.Hour}))
		is.Equal(p.Snapshot(), ergon.Snapshot{})
		is.Equal(pipeline.Pipeline{}.Snapshot(), ergon.Snapshot{})
		began := time.Now()
		done := make(chan error, 1)
		go func() { done <- p.Run(t.Context()) }()
		time.Sleep(90 * time.Second)
		synctest.Wait()
		s := p.Snapshot()
		is.Equal(s.Pipeline, "slow")
		is.Equal(s.Began, began)
		is.True(s.Ended.IsZero())
		is.True(!s.Streaming && s.Draining) // nothing more will be fetched
		is.True(s.Ledger.Balanced())
		is.Equal(s.Stages[1], ergon.StageSnapshot{Name: "sink", Node: "n2", Kind: ergon.KindDispatch, Workers: 2, Busy: 2, Queued: s.Stages[1].Queued, Attempts: 2, Succeeded: 2, Working: 2 * time.Minute, Awaited: s.Stages[1].Awaited})
		is.True(s.Stages[1].Queued > 0 && s.Stages[1].Queued <= 3) // who waits for room is woken when half of it is free
		is.NoErr(<-done)
		s = p.Snapshot()
		is.Equal(s.Ledger, p.Ledger())
		is.Equal(s.Ended, time.Now())
		is.Equal(s.Stages[0], ergon.StageSnapshot{
			Name: "quick", Node: "n1", Kind: ergon.KindAttempt, Workers: 1, Attempts: 31, Succeeded: 30, Failed: 1, Retried: 1,
			Blocked: s.Stages[1].Awaited, LastError: errOnce, LastErrorAt: began,
		})
		is.Equal(s.Stages[1].Working, 30*time.Minute)
		is.True(s.Stages[1].Awaited > 10*time.Minute)
	})
}

// What is told to the observers of a run is its snapshot, at any time.
func TestARunIsToldWithItsSnapshot(t *testing.T) {
	is := is.New(t)
	o := &chosen{kinds: map[ergon.Kind]bool{ergon.KindRun: true}}

	is.NoErr(pipeline.From(source.Slice([]int{1, 2}), pipeline.Observe(o)).To(sink.Discard[int]()).Run(t.Context()))
	is.Equal(o.snapshot().Ledger.Succeeded, int64(2))
	is.Equal(len(o.snapshot().Stages), 1)
}

// Any goroutine may look at any time.
func TestSnapshotsBesideARun(t *testing.T) {
	is := is.New(t)
	p := pipeline.From(source.Slice(make([]int, 20_000))).Map(same, stage.Workers(4)).Map(same).
		To(sink.Discard[int](), stage.Batch(10, time.Millisecond))
	done := make(chan error, 1)
	go func() { done <- p.Run(t.Context()) }()
	for {
		s := p.Snapshot()
		is.True(s.Ledger.Balanced())
		select {
		case err := <-done:
			is.NoErr(err)
			is.Equal(p.Snapshot().Stages[2].Attempts, int64(20_000))
			return
		default:
			runtime.Gosched()
		}
	}
}

// Where there is room for everything, everything that was not begun is queued.
func TestSnapshotCountsWhatIsQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := pipeline.From(source.Slice(make([]int, 30))).
			To(sink.Each(func(context.Context, int) error { time.Sleep(time.Minute); return nil }), stage.Workers(2), stage.Retry(retry.Policy{AttemptTimeout: time.Hour}))
		done := make(chan error, 1)
		go func() { done <- p.Run(t.Context()) }()
		time.Sleep(90 * time.Second)
		synctest.Wait()
		is.Equal(p.Snapshot().Stages[0].Queued, 30-2-2) // two are stored, two begun
		is.Equal(p.Snapshot().Stages[0].Awaited, time.Duration(0))
		is.NoErr(<-done)
	})
}

// What is dropped has not failed; what ends its goroutine is counted beside what went
// well before it; a wait for room is no work.
func TestSnapshotCountsWhatHappened(t *testing.T) {
	count := func(t *testing.T, p pipeline.Pipeline) ergon.StageSnapshot {
		_ = p.Run(t.Context())
		return p.Snapshot().Stages[0]
	}
	inBubble(t, "dropped", func(t *testing.T) {
		s := count(t, pipeline.From(source.Slice(make([]int, 10))).Map(func(context.Context, int) (int, error) { return 0, ergon.Drop("no") }).To(sink.Discard[int]()))
		is.New(t).Equal([]int64{s.Attempts, s.Succeeded, s.Failed}, []int64{10, 10, 0})
	})
	inBubble(t, "goroutines that end", func(t *testing.T) {
		n := 0
		s := count(t, pipeline.From(source.Slice(make([]int, 2000))).Map(func(context.Context, int) (int, error) {
			if n++; n%100 == 0 {
				runtime.Goexit()
			}
			return 0, nil
		}).OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).To(sink.Discard[int]()))
		is.New(t).Equal([]int64{s.Attempts, s.Succeeded, s.Failed}, []int64{2000, 1980, 20})
	})
	inBubble(t, "waits for room", func(t *testing.T) {
		key := func(ergon.Transaction[int]) string { return "one" }
		p := pipeline.From(source.Slice(make([]int, 20))).KeyBy(key).Map(same, stage.Named("idle")).
			To(sink.Each(func(context.Context, int) error { time.Sleep(time.Minute); return nil }), stage.Buffer(1), stage.Retry(retry.Policy{AttemptTimeout: time.Hour}))
		is := is.New(t)
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Snapshot().Stages[1].Name, "idle")
		is.Equal(p.Snapshot().Stages[1].Working, time.Duration(0))
	})
}
