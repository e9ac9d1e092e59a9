package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// recorder is an observer that keeps everything it is told.
type recorder struct {
	mu    sync.Mutex
	next  int
	open  map[int]ergon.Event // begun and not ended, by number
	ended []ergon.Event
	ins   []string // "attempt in transaction", each once
}

type inside struct{}

// span is what the recorder puts into a context.
type span struct {
	number int
	kind   ergon.Kind
	path   string
}

func (r *recorder) Begin(ctx context.Context, e *ergon.Event) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	outer, _ := ctx.Value(inside{}).(span)
	r.next++
	s := span{r.next, e.Kind, outer.path + "/" + e.Kind.String()}
	if r.open == nil {
		r.open = map[int]ergon.Event{}
	}
	r.open[s.number] = *e
	if !slices.Contains(r.ins, s.path) {
		r.ins = append(r.ins, s.path)
	}
	return context.WithValue(ctx, inside{}, s)
}

func (r *recorder) End(ctx context.Context, e *ergon.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, _ := ctx.Value(inside{}).(span)
	if begun, ok := r.open[s.number]; !ok || begun.Kind != e.Kind {
		panic(fmt.Sprintf("%v ended in %v", e.Kind, s.kind))
	}
	delete(r.open, s.number)
	r.ended = append(r.ended, *e)
}

// left returns how many events have begun and not ended.
func (r *recorder) left() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

// counts returns how many events there were of each kind.
func (r *recorder) counts() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]int{}
	for _, e := range r.ended {
		all[e.Kind.String()]++
	}
	return all
}

// of returns the events of a kind, in the order in which they ended.
func (r *recorder) of(kind ergon.Kind) []ergon.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.ended), func(e ergon.Event) bool { return e.Kind != kind })
}

// Every event of a small run is told of once, begun and ended, inside what it
// belongs to; user code sees the context of its own.
func TestObserversAreToldOfEverythingOnce(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		r, began := &recorder{}, time.Now()
		source, to := ergontest.NewSource(0, 1, 2), &ergontest.Sink[int]{}
		seen := map[string]bool{}
		see := func(ctx context.Context) {
			s, _ := ctx.Value(inside{}).(span)
			r.mu.Lock()
			defer r.mu.Unlock()
			seen[s.kind.String()] = true
		}
		source.OnFetch = func(ctx context.Context, _, most int) (int, error) { see(ctx); return most, nil }
		source.OnSettle = func(ctx context.Context, _ int, _ []ergon.Settlement[int]) error { see(ctx); return nil }
		source.OnExtend = func(ctx context.Context, _ int, _ []ergon.Transaction[int]) error { see(ctx); return nil }
		to.OnDispatch = func(ctx context.Context, _ int, _ []ergon.Transaction[int]) error { see(ctx); return nil }
		calls := 0
		p := pipeline.From(source.Leased(20*time.Second), pipeline.Named("orders"), pipeline.Observe(r)).
			Map(func(ctx context.Context, v int) (int, error) {
				see(ctx)
				calls++
				switch {
				case calls == 1:
					time.Sleep(11 * time.Second)
					return 0, errNotNow
				case v == 1:
					return 0, ergon.Business(errNotNow)
				}
				return v, nil
			}, stage.Named("price"), stage.Retry(oneSecond(2))).
			OnError(func(ctx context.Context, _ ergon.Failure[int]) error { see(ctx); return ergon.Handled }).
			OnSuccess(func(ctx context.Context, _ ergon.Transaction[int]) error { see(ctx); return nil }).
			To(to, stage.Batch(2, time.Hour))
		is.NoErr(p.Run(t.Context()))
		is.True(time.Since(began) < time.Minute)
		is.Equal(len(r.open), 0)
		got := r.counts()
		settles, fetches := got["settle"], got["fetch"]
		delete(got, "settle")
		delete(got, "fetch")
		is.Equal(settles, len(slices.CompactFunc(source.Settlements(), func(a, b ergontest.Settlement[int]) bool { return a.Call == b.Call })))
		is.Equal(fetches, len(source.Fetches()))
		is.Equal(got, map[string]int{
			"run": 1, "batch": 1, "transaction": 3, "attempt": 4, "wait": 1, "dispatch": 1,
			"handler": 1, "success": 2, "extend": 1,
		})
		for _, e := range r.ended {
			is.Equal(e.Pipeline, "orders")
		}
		slices.Sort(r.ins)
		is.Equal(r.ins, []string{
			"/run", "/run/batch", "/run/batch/transaction", "/run/batch/transaction/attempt", "/run/batch/transaction/handler",
			"/run/batch/transaction/success", "/run/batch/transaction/wait", "/run/dispatch", "/run/extend", "/run/fetch", "/run/settle",
		})
		is.Equal(slices.Sorted(maps.Keys(seen)), []string{"attempt", "dispatch", "extend", "fetch", "handler", "settle", "success"})
		checkFields(is, r)
	})
}

// checkFields holds single events against what the documentation of their kinds says.
func checkFields(is *is.I, r *recorder) {
	run := r.of(ergon.KindRun)[0]
	is.Equal([]any{run.N, run.Err}, []any{3, nil})
	is.Equal(r.of(ergon.KindBatch)[0].N, 3)
	verdicts := map[string]ergon.Verdict{}
	for _, e := range r.of(ergon.KindTransaction) {
		verdicts[e.ID] = e.Verdict
		is.NoErr(e.Err)
	}
	is.Equal(verdicts, map[string]ergon.Verdict{"test:0": ergon.Acked, "test:1": ergon.Acked, "test:2": ergon.Acked})
	first := r.of(ergon.KindAttempt)[0]
	is.Equal([]any{first.Stage, first.ID, first.Attempt, first.Err}, []any{"price", "test:0", 1, errNotNow})
	last := r.of(ergon.KindAttempt)[3]
	is.Equal([]any{last.Stage, last.ID, last.Attempt, last.Err}, []any{"price", "test:0", 2, nil})
	wait := r.of(ergon.KindWait)[0]
	is.Equal([]any{wait.Stage, wait.ID, wait.Wait, wait.Err}, []any{"price", "test:0", time.Second, errNotNow})
	dispatch := r.of(ergon.KindDispatch)[0]
	is.Equal([]any{dispatch.Stage, dispatch.N, dispatch.Err}, []any{"sink", 2, nil})
	handler := r.of(ergon.KindHandler)[0]
	is.Equal([]any{handler.Stage, handler.ID, handler.Verdict}, []any{"on-error", "test:1", ergon.Acked})
	is.NoErr(handler.Err)
	is.Equal(r.of(ergon.KindExtend)[0].N, 3)
}

// A stop tells of its drain, and every event that was begun ends, also those of
// what is left behind.
func TestObserversAreToldOfAStop(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		r, source := &recorder{}, openSource(0, 1, 2)
		p := pipeline.From(source, pipeline.Observe(r)).Map(func(_ context.Context, v int) (int, error) {
			deafCode()
			return v, nil
		}).To(&ergontest.Sink[int]{})
		is.True(p.Stream(stopping(t, time.Second)) != nil)
		drain := r.of(ergon.KindDrain)
		is.Equal(len(drain), 1)
		is.Equal(drain[0].N, 2) // released
		is.True(errors.Is(drain[0].Err, pipeline.ErrDrainTimeout))
		is.Equal(r.counts()["transaction"], 3)
		is.Equal(r.left(), 1) // the attempt that is still made
		time.Sleep(2 * time.Hour)
		is.Equal(r.left(), 0)
	})
}

// What a connector must not do is told of.
func TestObserversAreToldOfABrokenContract(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		r, source := &recorder{}, ergontest.NewSource(0, 1, 2)
		source.OnFetch = func(_ context.Context, _, most int) (int, error) { return most + 1, nil }
		p := pipeline.From(source, pipeline.Observe(r), pipeline.With(pipeline.Policy{FetchBatch: 2})).To(&ergontest.Sink[int]{})
		is.NoErr(p.Run(t.Context()))
		violations := r.of(ergon.KindViolation)
		is.Equal(len(violations), 1)
		is.Equal(violations[0].Stage, "fetch")
		is.True(violations[0].Err != nil)
	})
}

// Of several observers the later ones are inside the earlier ones, and all are told.
func TestSeveralObserversAreNested(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		outer, inner := &recorder{}, &recorder{}
		p := pipeline.From(ergontest.NewSource(0), pipeline.Observe(&saboteur{ergon.KindFetch, false, func() { panic("no") }}),
			pipeline.Observe(outer), pipeline.Observe(inner)).To(&ergontest.Sink[int]{})
		is.True(errors.Is(p.Run(t.Context()), pipeline.ErrObserver))
		is.Equal(outer.counts(), inner.counts())
		is.Equal(len(outer.open)+len(inner.open), 0)
	})
}
