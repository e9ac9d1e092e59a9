package ergontest

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// caseFaults runs a case and returns what is wrong with it.
func caseFaults[T any](t *testing.T, c Case[T], build func(*World[T]) pipeline.Pipeline) string {
	var faults []string
	runCase(t, func(f []string) { faults = f }, c, build)
	return strings.Join(faults, "\n")
}

func TestACaseFails(t *testing.T) {
	in := []int{1, 2, 3}
	id := func(n int) string { return "" }
	tests := []struct {
		name string
		c    Case[int]
		want string
	}{
		{"another payload", Case[int]{In: in, Want: []Want{Got("out", 2, 4, 7)}}, "what \"out\" holds\n\t\twant -, got +\n\t\t- 7\n\t\t+ 6  (\"test:2\")\n\ttransaction 2, \"test:2\": 3\n"},
		{"one too few", Case[int]{In: in, Want: []Want{Got("out", 2, 4, 6, 6)}}, "\t\t- 6\n"},
		{"one too many", Case[int]{In: in, Want: []Want{Got("out", 2, 6)}}, "\t\t+ 4  (\"test:1\")"},
		{"nothing at all", Case[int]{In: in, Want: []Want{Nothing("out")}}, "what \"out\" holds\n\t\twant: nothing\n\t\tgot:  [\"test:0\" \"test:1\" \"test:2\"]"},
		{"another order", Case[int]{In: in, Want: []Want{GotInOrder("out", 4, 2, 6)}}, "the order of what \"out\" holds\n\t\twant: 4"},
		{"another type", Case[int]{In: in, Want: []Want{Got("out", "2")}}, "it holds int, and not string"},
		{"no sink", Case[int]{In: in, Want: []Want{Got("double", 2)}}, "what \"double\" holds: it is no sink of the World"},
		{"other batches", Case[int]{In: in, Want: []Want{Batches("out", 3)}}, "batches of \"out\"\n\t\twant: [3]\n\t\tgot:  [2 1]"},
		{"batches of no sink", Case[int]{In: in, Want: []Want{Batches("service", 3)}}, "batches of \"service\": it is no sink"},
		{"other calls", Case[int]{In: in, Want: []Want{Calls("service", 4)}}, "calls of \"service\"\n\t\twant: 4\n\t\tgot:  3"},
		{"other attempts", Case[int]{In: in, Want: []Want{Attempts(2, "double", 2)}}, "attempts of transaction 2 at \"double\"\n\t\twant: 2\n\t\tgot:  1\n\ttransaction 2"},
		{"attempts of nothing", Case[int]{In: in, Want: []Want{Attempts(3, "double", 2)}}, "there is no transaction 3, but 3 of them, from 0"},
		{"no failure", Case[int]{In: in, Want: []Want{Failed(1, "double", ergon.CategorySystem, "x")}}, "a failure of transaction 1\n\t\twant: in \"double\", system: x\n\t\tgot:  none"},
		{"another failure", Case[int]{In: in, Faults: []Fault{At("double", 1).Always(ergon.Business(errCase))}, Want: []Want{Failed(1, "out", ergon.CategorySystem, "x")}},
			"got:  in \"double\", business: no connection"},
		{"a failure of nothing", Case[int]{In: in, Want: []Want{Failed(-1, "double", 0, "")}}, "there is no transaction -1"},
		{"other duplicates", Case[int]{In: in, Want: []Want{Duplicates("out", 1)}}, "duplicates in \"out\"\n\t\twant: 1\n\t\tgot:  0, []"},
		{"duplicates in no sink", Case[int]{In: in, Want: []Want{Duplicates("double", 1)}}, "it is no sink"},
		{"nothing in no sink", Case[int]{In: in, Want: []Want{Nothing("double")}}, "it is no sink"},
		{"another order of a key", Case[int]{In: in, Faults: []Fault{At("service", 0).Errors(errCase)}, Want: []Want{OrderPerKey("out", id)}},
			"the order in \"out\" of what has the key \"\": \"test:2\" came before \"test:0\""},
		{"no key", Case[int]{In: in, Want: []Want{OrderPerKey[int]("out", nil)}}, "there is no function for the key"},
		{"another verdict", Case[int]{In: in, Settled: []ergon.Verdict{0, ergon.Returned, 0}}, "what the source was told last\n\t\twant: returned\n\t\tgot:  acked\n\ttransaction 1"},
		{"no verdict", Case[int]{In: in, Faults: []Fault{At("fetch").Always(ergon.Permanent(errCase))}, Err: errCase, Settled: caseVerdicts(3)}, "got:  nothing"},
		{"another time", Case[int]{In: in, Took: time.Minute}, "the time taken\n\t\twant: 1m0s\n\t\tgot:  1s"},
		{"no error", Case[int]{In: in, Err: errCase}, "the run returned no error"},
		{"an error", Case[int]{In: in, Faults: []Fault{At("out").Always(ergon.Fatal(errCase))}}, "the run returned an error: no connection"},
		{"another error", Case[int]{In: in, Faults: []Fault{At("out").Always(ergon.Fatal(errCase))}, Err: errTableTwice}, "the error of the run\n\t\twant: duplicate key\n\t\tgot:  no connection"},
		{"a run without an end", Case[int]{In: in, Open: true, Within: time.Hour}, "the run has not ended within 1h0m0s and was stopped"},
		{"a place that is not there", Case[int]{In: in, Faults: []Fault{At("rows").Stop()}},
			`At("rows").Stop(): there is no "rows" in the pipeline, only ["dead letters" "dead-letter" "double" "fetch" "out" "service" "settle" "sink"]`},
		{"a want of what is not there", Case[int]{In: in, Want: []Want{Got("rows", 1)}}, `Want: there is no "rows" in the pipeline`},
		{"a transaction that is not there", Case[int]{In: in, Faults: []Fault{At("out", 3).Crash()}}, `At("out", 3).Crash(): there is no transaction 3, but 3 of them, from 0`},
		{"a fault that never comes about", Case[int]{In: in, Faults: []Fault{At(DeadLetters, 1, 2).Slow(time.Second)}},
			"At(\"dead letters\", 1, 2).Slow(1s) never came about for transaction 1\n\tAt(\"dead letters\", 1, 2).Slow(1s) never came about for transaction 2"},
		{"a fault of all that never comes about", Case[int]{In: in, Faults: []Fault{At(DeadLetters).Deaf(time.Second)}}, "At(\"dead letters\").Deaf(1s) never came about"},
		{"a fault that is none", Case[int]{In: in, Faults: []Fault{{}}}, "a Fault does nothing: begin it with At"},
		{"no errors", Case[int]{In: in, Faults: []Fault{At("out").Errors(), At("out").Always(nil), At("out").StoredBut(nil)}}, "At(\"out\").Errors(): it has no error\n\tAt(\"out\").Always(no error): it has no error\n\tAt(\"out\").StoredBut(no error): it has no error"},
		{"no time", Case[int]{In: in, Faults: []Fault{At("out").Slow(0), At("out").Deaf(-1)}}, "At(\"out\").Slow(0s): it takes no time\n\tAt(\"out\").Deaf(-1ns): it takes no time"},
		{"a fetch of one", Case[int]{In: in, Faults: []Fault{At("fetch", 1).Panics("x")}}, `At("fetch", 1).Panics(x): a fetch is for no transaction in particular`},
		{"verdicts of others", Case[int]{In: in, Settled: caseVerdicts(2)}, "Settled has 2 verdicts for 3 transactions"},
		{"negative times", Case[int]{In: in, Took: -1, StopAfter: -1, Within: -1, Lease: -1, Delivered: -1}, "Took is -1ns"},
		{"no id", Case[int]{Transactions: []ergon.Transaction[int]{ergon.NewTransaction("", 1)}}, "transaction 0 has no id"},
		{"an id twice", Case[int]{In: in, Transactions: []ergon.Transaction[int]{ergon.NewTransaction("test:1", 1)}}, `transactions 1 and 3 have the same id, "test:1"`},
		{"a process that dies for ever", Case[int]{In: in, Faults: []Fault{At("out", 0).Crash().Times(0)}}, "the process has died 1001 times"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := caseFaults(t, tt.c, casePipeline); !strings.Contains(got, tt.want) {
				t.Errorf("want %s\nin %s", tt.want, got)
			}
		})
	}
}

func TestWhatIsWrongWithAPipelineFailsItsCase(t *testing.T) {
	tests := []struct {
		name  string
		build func(w *World[int]) pipeline.Pipeline
		want  string
	}{
		{"a sink of two types", func(w *World[int]) pipeline.Pipeline {
			w.Sink[string]("out")
			return pipeline.From(w.Source).To(w.Sink[int]("out"))
		}, `World.Sink: "out" is a sink of another type`},
		{"no pipeline", func(*World[int]) pipeline.Pipeline { return pipeline.Pipeline{} }, "it is empty"},
		{"a goroutine that is left", func(w *World[int]) pipeline.Pipeline {
			go func() { select {} }()
			return pipeline.From(w.Source).To(w.Sink[int]("out"))
		}, "a goroutine is left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := caseFaults(t, Case[int]{Name: "x", In: []int{1}}, tt.build); !strings.Contains(got, tt.want) {
				t.Errorf("want %s\nin %s", tt.want, got)
			}
		})
	}
}

func TestAChildThatNoSinkWasOfferedIsMissed(t *testing.T) {
	is := is.New(t)
	_, faults := watched(t, func(*testing.T) pipeline.Pipeline {
		s := NewSource(1)
		m := meddler{Source: s}
		m.settle = func(ctx context.Context, settlements []ergon.Settlement[int]) error {
			return s.Settle(ctx, acks([]ergon.Transaction[int]{settlements[0].Transaction}))
		}
		second := func(_ context.Context, n int) (int, error) {
			if n < 0 {
				return 0, ergon.Business(errTest)
			}
			return n, nil
		}
		return pipeline.From(m).FlatMap(twice).Map(second).To(&Sink[int]{})
	})
	is.True(found(faults, `neither stored nor dropped, set aside or dealt with: ["test:0/1"]`))
}

func TestNothingIsMissedThatHasEnded(t *testing.T) {
	none := func(context.Context, int) iter.Seq2[int, error] { return func(func(int, error) bool) {} }
	fail := func(context.Context, int) (int, error) { return 0, errTest }
	odd := func(n int) bool { return n%2 == 1 }
	var dead, got Sink[int]
	tests := map[string]func(f pipeline.Flow[int, int]) pipeline.Pipeline{
		"a FlatMap without children": func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.FlatMap(none).To(&got) },
		"children that are filtered": func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.FlatMap(twice).Filter(odd).To(&got) },
		"children of children":       func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.FlatMap(twice).FlatMap(twice).To(&got) },
		"a failure that is handled": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.FlatMap(twice).Map(fail).OnError(handleCase).To(&got)
		},
		"a failure that is dropped": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.FlatMap(twice).Map(fail).OnError(dropCase).To(&got)
		},
		"a failure that is set aside": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.FlatMap(twice).Map(fail).DeadLetter(&dead).OnError(deadCase).To(&got)
		},
		"groups": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.FlatMap(twice).Group(3, time.Second).To(&Sink[[]int]{})
		},
		"dead letters nobody waits for": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.Map(fail).DeadLetter(sinkOf(errTest, errTest, errTest), stage.BestEffort()).OnError(deadCase).To(&got)
		},
		"a branch nobody waits for": func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.Fork(
				func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(&got) },
				func(f pipeline.Flow[int, int]) pipeline.Pipeline {
					return f.FlatMap(twice).To(sinkOf(errTest), stage.BestEffort())
				})
		},
	}
	for name, build := range tests {
		t.Run(name, func(t *testing.T) {
			got, dead = Sink[int]{}, Sink[int]{}
			Run(t, func(*testing.T) pipeline.Pipeline { return build(pipeline.From(NewSource(1, 2))) })
		})
	}
}

func handleCase(context.Context, ergon.Failure[int]) error { return ergon.Handled }
func dropCase(context.Context, ergon.Failure[int]) error   { return ergon.Drop("old") }
func deadCase(_ context.Context, f ergon.Failure[int]) error {
	return ergon.DeadLetter(errors.Join(f.Err, errTest))
}
