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

// A snapshot is empty before the first run, true while one goes on, and stays after it.
func TestSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		tried := false
		p := pipeline.From(source.Slice(make([]int, 30)), pipeline.Named("slow")).
			Map(func(_ context.Context, v int) (int, error) {
				if !tried {
					tried = true
					return 0, errors.New("once")
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
		is.True(!s.Streaming && s.Draining) // nothing more will be fetched
		is.True(s.Ledger.Balanced())
		is.Equal(s.Stages[1], ergon.StageSnapshot{Name: "sink", Kind: ergon.KindDispatch, Workers: 2, Busy: 2, Queued: 3, Attempts: 2, Working: 2 * time.Minute, Awaited: s.Stages[1].Awaited})
		is.NoErr(<-done)
		s = p.Snapshot()
		is.Equal(s.Ledger, p.Ledger())
		is.Equal(s.Stages[0], ergon.StageSnapshot{Name: "quick", Kind: ergon.KindAttempt, Workers: 1, Attempts: 31, Failed: 1, Retried: 1})
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
