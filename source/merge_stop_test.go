package source_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

// tenacious returns what it has only when its context ends.
func tenacious(ctx context.Context, _ int) ([]ergon.Transaction[string], error) {
	<-ctx.Done()
	return []ergon.Transaction[string]{ergon.NewTransaction("late", "late")}, ctx.Err()
}

func TestMergeReturnsWhatItsSourcesHadTakenWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		s := source.Merge[string](source.FetchFunc[string](tenacious), source.Chan(make(chan string)))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		txs, err := s.Fetch(ctx, 10)
		is.Equal(ids(txs), []string{"late"})
		is.True(errors.Is(err, context.DeadlineExceeded))
		is.Equal(err.Error(), context.DeadlineExceeded.Error()) // an interruption is no failure
		txs, err = s.Fetch(ctx, 10)
		is.Equal(len(txs), 0)
		is.Equal(err, context.DeadlineExceeded)
		stop(t, s)
	})
}

func TestStopOfMergeLosesNothingThatNobodyFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		q, ch := newQueue("q1", "q2"), make(chan string, 2)
		ch <- "c1"
		ch <- "c2"
		s := source.Merge[string](q, source.Chan(ch), source.Slice([]string{"s1", "s2"}))
		is.NoErr(s.(ergon.Starter).Start(t.Context()))
		first, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		synctest.Wait() // now all have answered
		stop(t, s)
		stop(t, s)
		is.NoErr(s.(ergon.Starter).Start(t.Context()))
		close(ch)
		q.ended = true
		got := append(payloads(first), payloads(drain(t, s, 1))...)
		slices.Sort(got)
		is.Equal(slices.Compact(got), []string{"c1", "c2", "q1", "q2", "s1", "s2"})
		stop(t, s)
	})
}

func TestWhatAChannelGaveIsKeptForTheNextStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		a, b := make(chan string, 1), make(chan string, 1)
		a <- "a"
		b <- "b"
		s := source.Merge[string](source.Chan(a), source.Chan(b))
		first, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		synctest.Wait()
		stop(t, s)
		is.Equal(len(a)+len(b), 0)
		second, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		got := append(payloads(first), payloads(second)...)
		slices.Sort(got)
		is.Equal(got, []string{"a", "b"})
		stop(t, s)
	})
}

func TestWhatAQueueGaveIsReleasedAtStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		a, b := newQueue("a"), newQueue("b")
		s := source.Merge[string](a, b)
		txs, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		synctest.Wait()
		is.Equal(len(a.out)+len(b.out), 2)
		is.Equal(count(t, s), 2)
		stop(t, s)
		other := map[string]string{"a": "b released", "b": "a released"}[txs[0].ID()]
		is.Equal(append(a.verdicts, b.verdicts...), []string{other})
		is.Equal(append(a.out, b.out...), ids(txs)) // is still the run's
	})
}

func TestStopOfMergeWaitsNoLongerThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		let := make(chan struct{})
		deaf := source.FetchFunc[string](func(context.Context, int) ([]ergon.Transaction[string], error) {
			<-let
			return []ergon.Transaction[string]{ergon.NewTransaction("late", "late")}, nil
		})
		s := source.Merge[string](deaf, newQueue("a"))
		_, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err = s.(ergon.Stopper).Stop(ctx)
		is.Equal(err.Error(), "source: merge: source 1: still fetching: context deadline exceeded")
		close(let)
		synctest.Wait()
		txs, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		is.Equal(ids(txs), []string{"late"})
		stop(t, s)
	})
}

// lifecycle notes when it is started and stopped.
type lifecycle struct {
	*source.Items[int]
	name string
	log  *[]string
	err  error
}

func (l lifecycle) Start(ctx context.Context) error {
	*l.log = append(*l.log, "start "+l.name)
	return errors.Join(l.err, l.Items.Start(ctx))
}

func (l lifecycle) Stop(context.Context) error {
	*l.log = append(*l.log, "stop "+l.name)
	return l.err
}

func (l lifecycle) Health(context.Context) error { return l.err }

func TestMergeStartsInOrderAndStopsInReverse(t *testing.T) {
	tests := []struct {
		name   string
		broken error
		want   []string
	}{
		{"all work", nil, []string{"start a", "start b", "start c", "stop c", "stop b", "stop a"}},
		{"the second fails", errBroken, []string{"start a", "start b", "stop a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var log []string
			part := func(name string, err error) ergon.Source[int] {
				return lifecycle{Items: source.Slice([]int{1}, source.Named(name)), name: name, log: &log, err: err}
			}
			s := source.Merge[int](part("a", nil), part("b", tt.broken), part("c", nil))
			err := s.(ergon.Starter).Start(t.Context())
			is.True(errors.Is(err, tt.broken))
			is.True(errors.Is(s.(ergon.HealthChecker).Health(t.Context()), tt.broken))
			if err == nil {
				is.NoErr(s.(ergon.Starter).Start(t.Context())) // changes nothing
				stop(t, s)
			}
			is.Equal(log, tt.want)
		})
	}
}
