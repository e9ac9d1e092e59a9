package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// The oldest is as old as its fetch is ago, whatever others have been fetched and
// settled since, and however the memory of a fetch is kept.
func TestSnapshotKnowsTheOldest(t *testing.T) {
	sources := map[string]func() ergon.Source[int]{
		"a slice":          func() ergon.Source[int] { return source.Slice([]int{1, 2, 3, 4, 5, 6}) },
		"one by one":       func() ergon.Source[int] { return aTrickle(1) },
		"a few at a time":  func() ergon.Source[int] { return aTrickle(3) },
		"one that settles": func() ergon.Source[int] { return ergontest.NewSource(1, 2, 3, 4, 5, 6) },
	}
	for name, from := range sources {
		inBubble(t, name, func(t *testing.T) {
			is := is.New(t)
			p := pipeline.From(from()).
				Map(func(_ context.Context, v int) (int, error) {
					if v == 2 {
						time.Sleep(30 * time.Second)
					}
					return v, nil
				}, stage.Workers(3)).To(sink.Discard[int]())
			is.Equal(p.Snapshot().Oldest, time.Duration(0))
			done := make(chan error, 1)
			began := time.Now()
			go func() { done <- p.Run(t.Context()) }()
			time.Sleep(20 * time.Second)
			synctest.Wait()
			age := p.Snapshot().Oldest
			is.True(age > 10*time.Second && age <= time.Since(began))
			time.Sleep(5 * time.Second)
			is.Equal(p.Snapshot().Oldest, age+5*time.Second)
			is.NoErr(<-done)
			is.Equal(p.Snapshot().Oldest, time.Duration(0))
		})
	}
}

// aTrickle returns a source of 1 to 6 that has n of them every second.
func aTrickle(n int) ergon.Source[int] { return &trickle{each: n} }

type trickle struct{ each, had int }

func (s *trickle) Fetch(context.Context, int) (txs []ergon.Transaction[int], _ error) {
	if s.had == 6 {
		return nil, io.EOF
	}
	time.Sleep(time.Second)
	for range s.each {
		s.had++
		txs = append(txs, ergon.NewTransaction(fmt.Sprint(s.had), s.had))
	}
	return txs, nil
}

// What code that ignores its context has left behind is in flight no more, and of no age.
func TestSnapshotOfARunThatLeftSomethingBehindHasNoOldest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := pipeline.From(source.Slice([]int{1})).
			Map(func(context.Context, int) (int, error) { time.Sleep(time.Hour); return 0, nil }).To(sink.Discard[int]())
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		is.True(p.Run(ctx) != nil)
		is.Equal(p.Snapshot().Oldest, time.Duration(0))
		time.Sleep(time.Hour)
	})
}

// What waits to be tried again is counted until it is, or until that is given up.
func TestSnapshotCountsWhatWaits(t *testing.T) {
	waits := map[string]error{"a retry": errors.New("away"), "a hold": ergon.Hold(time.Minute, errors.New("closed"))}
	for name, why := range waits {
		for _, stopped := range []bool{false, true} {
			inBubble(t, name, func(t *testing.T) {
				is := is.New(t)
				var works atomic.Bool
				p := pipeline.From(ergontest.NewSource(1, 2, 3), pipeline.With(pipeline.Policy{Drain: time.Second})).
					Map(func(_ context.Context, v int) (int, error) {
						if v == 2 && !works.Load() {
							return 0, why
						}
						return v, nil
					}, stage.Named("wait"), stage.Retry(retry.Policy{Backoff: time.Minute, Jitter: retry.NoJitter})).To(sink.Discard[int]())
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				done := make(chan error, 1)
				began := time.Now()
				go func() { done <- p.Run(ctx) }()
				synctest.Wait()
				s := p.Snapshot().Stages[0]
				is.Equal(s.Waiting, 1)
				is.Equal(s.LastErrorAt, began)
				is.True(errors.Is(s.LastError, why))
				works.Store(true)
				if stopped {
					stop()
				}
				is.Equal(<-done != nil, stopped)
				is.Equal(p.Snapshot().Stages[0].Waiting, 0)
				is.True(p.Snapshot().Stages[0].LastError != nil) // it stays the last one
			})
		}
	}
}

// What is fed waits; what feeds it is blocked: through a Fork, along each way of a Route.
func TestSnapshotSaysWhatIsBlocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		to := func(name string, each time.Duration) func(pipeline.Flow[int, int]) pipeline.Pipeline {
			return func(f pipeline.Flow[int, int]) pipeline.Pipeline {
				slow := sink.Each(func(context.Context, int) error { time.Sleep(each); return nil })
				return f.To(slow, stage.Named(name), stage.Buffer(1))
			}
		}
		p := pipeline.From(source.Slice(make([]int, 20))).Map(same, stage.Named("first")).Fork(
			to("slow", 2*time.Second),
			func(f pipeline.Flow[int, int]) pipeline.Pipeline {
				return f.Route(func(int) int { return 0 }, to("slower", 3*time.Second), to("unused", time.Second))
			},
		)
		is.NoErr(p.Run(t.Context()))
		of := map[string]ergon.StageSnapshot{}
		for _, s := range p.Snapshot().Stages {
			of[s.Name] = s
		}
		is.True(of["slow"].Awaited > 0 && of["slower"].Awaited > 0)
		is.Equal(of["first"].Blocked, of["slow"].Awaited+of["route"].Awaited)
		is.Equal(of["route"].Blocked, of["slower"].Awaited+of["unused"].Awaited)
		is.Equal(of["slow"].Blocked, time.Duration(0))
		for _, n := range p.Topology().Nodes {
			is.True(n.Kind == "source" || n.Kind == "fork" || of[n.Name].Node == n.ID)
		}
	})
}
