package ergontest

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// patiently tries three times, a second and two apart.
var caseRetry = retry.Policy{MaxAttempts: 3, Backoff: time.Second, AttemptTimeout: 10 * time.Second}

// casePipeline doubles numbers, with the help of a service.
func casePipeline(w *World[int]) pipeline.Pipeline {
	twice := w.Fake("service", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	return pipeline.From(w.Source).Map(twice, stage.Named("double"), stage.Retry(caseRetry)).
		DeadLetter(w.Dead).To(w.Sink[int]("out"), stage.Batch(2, time.Second))
}

func caseVerdicts(n int) []ergon.Verdict { return make([]ergon.Verdict, n) }

var errCase = errors.New("no connection")

func TestFaults(t *testing.T) {
	in, all := []int{1, 2, 3}, Got("out", 2, 4, 6)
	business := ergon.Business(errors.New("not a number"))
	Table(t, casePipeline,
		Case[int]{Name: "none", In: in, Want: []Want{GotInOrder("out", 2, 4, 6), Batches("out", 2, 1), Nothing(DeadLetters), Calls("service", 3)},
			Settled: caseVerdicts(3), Took: time.Second},
		Case[int]{Name: "errors of a fake, then it works", In: in, Faults: []Fault{At("service", 1).Errors(errCase, errCase)},
			Want: []Want{all, Attempts(1, "service", 3), Attempts(1, "double", 3), Attempts(0, "double", 1), Batches("out", 2, 1)}, Took: 4 * time.Second},
		Case[int]{Name: "errors of a stage, which is not called", In: in, Faults: []Fault{At("double", 1).Errors(errCase)},
			Want: []Want{all, Attempts(1, "double", 2), Attempts(1, "service", 1)}},
		Case[int]{Name: "an attempt that works between errors", In: in, Faults: []Fault{At("service").Errors(errCase, nil, errCase).Maybe()}, Want: []Want{all, Calls("service", 6)}},
		Case[int]{Name: "too many errors come back later", In: in, Faults: []Fault{At("service", 1).Errors(errCase, errCase, errCase)},
			Want: []Want{all, Failed(1, "double", ergon.CategorySystem, "no connection"), Attempts(1, "double", 4)}, Settled: caseVerdicts(3)},
		Case[int]{Name: "an error that never ends", In: in, Faults: []Fault{At("service", 1).Always(errCase)},
			Want: []Want{Got("out", 2, 6), Got(DeadLetters, 2), Attempts(1, "double", 30)}, Settled: caseVerdicts(3)},
		Case[int]{Name: "errors of every transaction", In: in, Faults: []Fault{At("service").Always(business)},
			Want: []Want{Nothing("out"), Got(DeadLetters, 1, 2, 3), Failed(2, "double", ergon.CategoryBusiness, "not a number")}},
		Case[int]{Name: "one of a batch is refused", In: in, Faults: []Fault{At("out", 0).Always(business)},
			Want: []Want{Got("out", 4, 6), Got(DeadLetters, 1), Failed(0, "out", ergon.CategoryBusiness, ""), Failed(0, "sink", ergon.CategoryBusiness, "")}},
		Case[int]{Name: "one of a batch fails once", In: in, Faults: []Fault{At("out", 0).Errors(errCase)}, Want: []Want{all, Batches("out", 2, 1, 1)}},
		Case[int]{Name: "a slow service", In: in, Faults: []Fault{At("service", 0).Slow(3 * time.Second)}, Want: []Want{all}, Took: 4 * time.Second},
		Case[int]{Name: "a service that is too slow", In: in, Faults: []Fault{At("service", 0).Slow(time.Hour)},
			Want: []Want{all, Attempts(0, "double", 2)}, Took: 12 * time.Second},
		Case[int]{Name: "a service that is always too slow", In: in, Faults: []Fault{At("service", 0).Slow(time.Hour).Times(0)},
			Want: []Want{Failed(0, "double", ergon.CategoryTimeout, "took too long"), Got(DeadLetters, 1)}},
		Case[int]{Name: "a deaf service", In: in, Faults: []Fault{At("service", 0).Deaf(time.Minute)},
			Want: []Want{all, Attempts(0, "double", 1)}, Took: time.Minute + time.Second},
		Case[int]{Name: "a panic", In: in, Faults: []Fault{At("service", 0).Panics("no number")}, Want: []Want{all, Attempts(0, "double", 2)}},
		Case[int]{Name: "panics that never end", In: in, Faults: []Fault{At("double", 0).Panics("no number").Times(0)},
			Want: []Want{Failed(0, "double", ergon.CategorySystem, "panic: no number"), Got(DeadLetters, 1)}},
		Case[int]{Name: "a panic of a sink", In: in, Faults: []Fault{At("out", 0).Panics(errCase)}, Want: []Want{all, Batches("out", 2, 2, 1)}},
		Case[int]{Name: "a reply that is lost", In: in, Faults: []Fault{At("out", 0).StoredBut(errCase)}, Want: []Want{all, Duplicates("out", 1), Batches("out", 2, 1, 1)}},
		Case[int]{Name: "dead letters that fail at first", In: in, Faults: []Fault{At("service", 0).Always(business), At(DeadLetters, 0).Errors(errCase)},
			Want: []Want{Got(DeadLetters, 1), Attempts(0, DeadLetters, 2), Attempts(0, "dead-letter", 2)}},
	)
}

func TestFaultsOfTheSource(t *testing.T) {
	in, all := []int{1, 2, 3}, Got("out", 2, 4, 6)
	Table(t, casePipeline,
		Case[int]{Name: "a fetch that fails", In: in, Faults: []Fault{At("fetch").Errors(errCase)}, Want: []Want{all}},
		Case[int]{Name: "what comes together with an error counts", In: in, Faults: []Fault{At("fetch").StoredBut(errCase)}, Want: []Want{all, Duplicates("out", 0)}},
		Case[int]{Name: "a fetch that fails for good", In: in, Faults: []Fault{At("fetch").Always(ergon.Permanent(errCase))}, Want: []Want{Nothing("out")}, Err: errCase},
		Case[int]{Name: "the text of an error", Faults: []Fault{At("fetch").Always(ergon.Permanent(errCase))}, Err: errors.New("fetch: no connection")},
		Case[int]{Name: "a settlement that fails", In: in, Faults: []Fault{At("settle", 1).Errors(errCase)},
			Want: []Want{all, Attempts(1, "settle", 2), Attempts(0, "settle", 1)}, Settled: caseVerdicts(3)},
		Case[int]{Name: "a settlement whose reply is lost", In: in, Faults: []Fault{At("settle", 1).StoredBut(errCase)}, Want: []Want{all, Attempts(1, "settle", 2)}},
		Case[int]{Name: "a lease that is extended", In: in, Lease: time.Minute, Faults: []Fault{At("out", 0).Deaf(50 * time.Second)}, Want: []Want{all, Duplicates("out", 0)}},
		Case[int]{Name: "what has come too often", In: in, Delivered: 9, Faults: []Fault{At("service", 0).Always(errCase)},
			Want: []Want{Attempts(0, "double", 3), Got(DeadLetters, 1)}},
		Case[int]{Name: "a verdict that has no home", In: in, Accepts: ergon.VerdictSet(ergon.Acked, ergon.Released), Once: true,
			Faults: []Fault{At("service", 0).Always(errCase)}, Want: []Want{Got("out", 4, 6)}, Err: errCase},
	)
}

func TestFaultsThatEndARun(t *testing.T) {
	in, all := []int{1, 2, 3}, Got("out", 2, 4, 6)
	acked, released := caseVerdicts(3), []ergon.Verdict{ergon.Acked, ergon.Released, ergon.Acked}
	Table(t, casePipeline,
		Case[int]{Name: "a stop drains", In: in, Faults: []Fault{At("double", 0).Stop()}, Want: []Want{all}, Settled: acked},
		Case[int]{Name: "a stop releases what is stuck", In: in, Faults: []Fault{At("service", 1).Stop(), At("service", 1).Slow(time.Hour).Times(0)},
			Want: []Want{Got("out", 2, 6)}, Settled: released, Took: 20 * time.Second, Err: errors.New("1 released, 0 unsettled")},
		Case[int]{Name: "a stop after a while", In: in, Open: true, StopAfter: time.Hour, Want: []Want{all}, Took: time.Hour},
		Case[int]{Name: "a crash before the sink", In: in, Faults: []Fault{At("out", 0).Crash()}, Want: []Want{all, Duplicates("out", 0), Calls("out", 3)}, Settled: acked},
		Case[int]{Name: "a crash after the sink", In: in, Faults: []Fault{At("out", 0).CrashAfter()}, Want: []Want{all, Duplicates("out", 2)}, Settled: acked},
		Case[int]{Name: "a crash before the source is told", In: in, Faults: []Fault{At("settle", 0).Crash()}, Want: []Want{all, Duplicates("out", 2)}, Settled: acked},
		Case[int]{Name: "a crash after the source is told", In: in, Faults: []Fault{At("settle", 0).CrashAfter()}, Want: []Want{all, Duplicates("out", 0)}, Settled: acked},
		Case[int]{Name: "a crash after a fetch", In: in, Faults: []Fault{At("fetch").CrashAfter()}, Want: []Want{all, Attempts(0, "double", 1)}, Settled: acked},
		Case[int]{Name: "a crash in a fake", In: in, Faults: []Fault{At("service", 2).Crash()}, Want: []Want{all}, Settled: acked},
		Case[int]{Name: "a crash at every fetched one", In: in, Faults: []Fault{At("double").Crash()}, Want: []Want{all}, Settled: acked},
		Case[int]{Name: "a crash when leased", In: in, Lease: time.Minute, Faults: []Fault{At("out").CrashAfter()}, Want: []Want{all}, Settled: acked},
		Case[int]{Name: "fatal", In: in, Once: true, Faults: []Fault{At("service", 1).Always(ergon.Fatal(errCase))}, Settled: released, Err: errCase},
	)
}

// caseFamily makes two of each number, and tells them by key.
func caseFamily(w *World[int]) pipeline.Pipeline {
	return pipeline.From(w.Source).FlatMap(func(_ context.Context, n int) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) { _ = yield(n, nil) && yield(10*n, nil) }
	}).MapBatch(2, time.Second, func(_ context.Context, ns []int) ([]int, error) { return ns, nil }).To(w.Sink[int]("out"))
}

func TestAFaultIsForWhatCameOfATransaction(t *testing.T) {
	Table(t, caseFamily,
		Case[int]{Name: "nothing", In: []int{1, 2}, Want: []Want{GotInOrder("out", 1, 10, 2, 20), Attempts(0, "out", 2),
			OrderPerKey("out", func(int) string { return "" })}},
		Case[int]{Name: "its children", In: []int{1, 2}, Faults: []Fault{At("out", 1).Errors(errCase)},
			Want: []Want{Got("out", 1, 10, 2, 20), Attempts(1, "out", 4), Attempts(0, "out", 2)}},
		Case[int]{Name: "single items of a bulk call", In: []int{1, 2}, Faults: []Fault{At("map-batch", 1).Always(ergon.Business(errCase))},
			Want: []Want{GotInOrder("out", 1, 10)}, Settled: []ergon.Verdict{ergon.Acked, ergon.DeadLettered}},
	)
}

func TestAFaultIsForTheGroupOfATransaction(t *testing.T) {
	group := func(w *World[int]) pipeline.Pipeline {
		return pipeline.From(w.Source).Group(2, time.Second).To(w.Sink[[]int]("out"))
	}
	Table(t, group,
		Case[int]{Name: "its group", In: []int{1, 2, 3}, Faults: []Fault{At("out", 1).Errors(errCase)},
			Want: []Want{Got("out", []int{1, 2}, []int{3}), Attempts(0, "out", 2), Attempts(2, "out", 1)}},
		Case[int]{Name: "it fails all", In: []int{1, 2, 3}, Faults: []Fault{At("out", 1).Always(ergon.Business(errCase))},
			Want: []Want{Got("out", []int{3}), Failed(0, "out", ergon.CategoryBusiness, ""), Failed(1, "out", ergon.CategoryBusiness, "")}},
	)
	if got := caseFaults(t, Case[int]{In: []int{1}, Faults: []Fault{At("group").Stop()}}, group); !strings.Contains(got, `there is no "group"`) {
		t.Error(got)
	}
}
