package ergontest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// oneSecondLater is a policy of two attempts, a second apart.
func oneSecondLater() retry.Policy {
	return retry.Policy{MaxAttempts: 2, Backoff: time.Second, Jitter: retry.NoJitter}
}

// eventfulRun runs a pipeline in which much happens: test:0 is priced in its second
// attempt, test:1 is refused, and what is left is dispatched twice.
func eventfulRun(t *testing.T) *Events {
	var events Events
	var rows Sink[int]
	rows.DispatchErrors(errTest)
	calls := 0
	price := func(_ context.Context, v int) (int, error) {
		calls++
		time.Sleep(2 * time.Second)
		switch {
		case v == 2:
			return 0, ergon.Business(errors.New("no such\nthing"))
		case calls == 1:
			return 0, errTest
		}
		return v, nil
	}
	Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(NewSource(1, 2), pipeline.Observe(&events)).
			Map(price, stage.Named("price"), stage.Retry(oneSecondLater())).
			FlatMap(func(_ context.Context, v int) iter.Seq2[int, error] {
				return func(yield func(int, error) bool) { _ = yield(v, nil) && yield(-v, nil) }
			}, stage.Named("split")).
			To(&rows, stage.Named("rows"), stage.Batch(2, time.Minute), stage.Retry(oneSecondLater()))
	})
	return &events
}

func TestHistory(t *testing.T) {
	is := is.New(t)
	events := eventfulRun(t)
	is.Equal(strings.Join(events.History("test:0"), "\n"), strings.Join([]string{
		"0s  fetched",
		"0s  price attempt 1 failed after 2s: no connection",
		"2s  price waits 1s: no connection",
		"4s  price attempt 2 done after 2s",
		"6s  split attempt 1 done",
		"6s  rows dispatch 1 for 2 failed: no connection",
		"7s  rows dispatch 2 for 2 done",
		"7s  settle 1 done",
		"7s  acked",
	}, "\n"))
	is.Equal(events.History("test:1"), []string{
		"0s  fetched",
		"2s  price attempt 1 failed after 2s: no such; thing",
		"4s  settle 1 done",
		"4s  dead-lettered: no such; thing",
	})
	is.Equal(len(events.History("test:7")), 0)
	is.Equal(len(events.History("test")), 0) // no prefix of a name is the name
	is.Equal(len((&Events{}).History("test:0")), 0)
}

func TestEventsAreNested(t *testing.T) {
	is := is.New(t)
	events := eventfulRun(t)
	all := events.All()
	is.Equal(all[0].Kind, ergon.KindRun)
	for i, r := range all {
		is.Equal(r.Number, i+1)
		is.True(r.Parent < r.Number)
		is.True(r.Ended())
		is.True(r.Parent == 0 || !all[r.Parent-1].End.Before(r.End))
	}
	attempt := all.Of(ergon.KindAttempt).At("price").About("test:0")[0]
	is.Equal(all[attempt.Parent-1].Kind, ergon.KindTransaction)
	is.Equal(attempt.Took(), 2*time.Second)
	is.Equal([]error{attempt.Begun.Err, attempt.Err}, []error{nil, errTest})
	is.Equal(len(all.Of(ergon.KindAttempt, ergon.KindWait).At("price", "rows").About("test:0")), 3)
	is.Equal(len(all.Of(ergon.KindDispatch).Failed()), 1)
	fetch := all.Of(ergon.KindFetch)[0]
	is.True(fetch.Begun.N > fetch.N)
	is.Equal(fetch.N, 2)
}

func TestEventsOfSeveralRecorders(t *testing.T) {
	is := is.New(t)
	var a, b Events
	outer := a.Begin(context.Background(), &ergon.Event{Kind: ergon.KindRun})
	both := b.Begin(outer, &ergon.Event{Kind: ergon.KindRun})
	inner := a.Begin(both, &ergon.Event{Kind: ergon.KindDispatch, N: 2})
	inner = b.Begin(inner, &ergon.Event{Kind: ergon.KindDispatch, N: 2})
	concerns(inner, ergon.KindDispatch, []ergon.Transaction[int]{ergon.NewTransaction("x", 1), ergon.NewTransaction("y", 1)})
	concerns(inner, ergon.KindSettle, []ergon.Transaction[int]{ergon.NewTransaction("z", 1)})
	a.End(context.Background(), &ergon.Event{}) // of nothing that was begun
	b.End(outer, &ergon.Event{})                // of nothing that it was told of
	b.End(inner, &ergon.Event{Kind: ergon.KindDispatch, N: 2, Err: errTest})
	is.Equal(a.All()[1].Parent, 1)
	is.Equal(b.All()[1].Parent, 1)
	is.Equal(a.All()[1].IDs, []string{"x", "y"})
	is.Equal([]bool{a.All()[1].Ended(), b.All()[1].Ended()}, []bool{false, true})
	is.Equal(len(a.History("x")), 1)
	is.True(strings.HasSuffix(a.History("x")[0], "  dispatch for 2 has not returned"))
	is.Equal(a.All()[1].Took(), time.Duration(0))
}

func TestHappened(t *testing.T) {
	refused := Happening{Kind: ergon.KindTransaction, ID: "test:1", Verdict: ergon.DeadLettered}
	acked := Happening{Kind: ergon.KindTransaction, ID: "test:0"}
	first := Happening{Kind: ergon.KindAttempt, Stage: "price", ID: "test:0", Attempt: 1, Err: errTest}
	second := Happening{Kind: ergon.KindAttempt, Stage: "price", ID: "test:0", Attempt: 2}
	tests := []struct {
		name  string
		wants []Happening
		fault string // empty: it has happened
	}{
		{"nothing is wanted", nil, ""},
		{"one thing", []Happening{acked}, ""},
		{"in order", []Happening{first, {Kind: ergon.KindWait, Wait: time.Second}, second, {Stage: "rows", Fails: true}, {Stage: "rows", N: 2, ID: "test:0/1"}, acked}, ""},
		{"in another order", []Happening{second, first}, `this has not happened after (attempt, at "price", about "test:0", attempt 2):` + "\n\t" + `attempt, at "price", about "test:0", attempt 1, with the error "no connection"`},
		{"twice", []Happening{acked, acked}, "this has not happened after (transaction, about \"test:0\", ends acked)"},
		{"another verdict", []Happening{{Kind: ergon.KindTransaction, ID: "test:0", Verdict: ergon.Returned}}, "this has not happened:\n\ttransaction, about \"test:0\", ends returned\nwhat has:\n"},
		{"no verdict where there was one", []Happening{{Kind: ergon.KindTransaction, ID: "test:1"}}, "ends acked"},
		{"an error where there was none", []Happening{{Stage: "price", Attempt: 2, Fails: true}}, "with an error"},
		{"no error where there was one", []Happening{{Kind: ergon.KindAttempt, Stage: "price", ID: "test:0", Attempt: 1}}, "attempt 1"},
		{"another error", []Happening{{Stage: "price", Err: errors.New("fire")}}, `with the error "fire"`},
		{"a kind that was not", []Happening{{Kind: ergon.KindExtend}}, "extend"},
		{"a wait of another length", []Happening{{Wait: time.Hour}}, "for 1h0m0s"},
		{"another number", []Happening{{N: 7}}, "anything, for 7"},
	}
	events := eventfulRun(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			passed, printed := judged(is, func(t *testing.T) { events.Happened(t, tt.wants...) })
			is.Equal(passed, tt.fault == "")
			is.True(strings.Contains(unindented(printed), tt.fault))
			if len(tt.wants) == 1 { // one thing either happened or never
				passed, _ = judged(is, func(t *testing.T) { events.Never(t, tt.wants...) })
				is.Equal(passed, tt.fault != "")
			}
		})
	}
	events.Happened(t, refused)
	events.Never(t)
}

// unindented returns what go test printed as it was written.
func unindented(printed string) string { return strings.ReplaceAll(printed, "\n        ", "\n") }

func TestEventsByManyAtOnce(t *testing.T) {
	is := is.New(t)
	var events Events
	Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(NewSource(slices.Repeat([]int{1}, 200)...), pipeline.Observe(&events)).
			Map(func(_ context.Context, v int) (int, error) {
				_ = events.History("test:7")
				return v, nil
			}, stage.Workers(8)).To(&Sink[int]{}, stage.Batch(10, time.Second))
	})
	is.Equal(len(events.All().Of(ergon.KindTransaction)), 200)
	is.True(len(events.History("test:199")) >= 5)
}
