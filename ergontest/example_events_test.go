package ergontest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

var errBusy = errors.New("the directory is busy")

// enriching runs a pipeline that looks orders up, which works at the second
// attempt, and returns what it was seen to do.
func enriching(t *testing.T) *ergontest.Events {
	var events ergontest.Events
	var rows ergontest.Sink[string]
	orders := ergontest.NewSource("2 lamps", "nothing")
	calls := 0
	enrich := func(ctx context.Context, order string) (string, error) {
		if calls++; calls == 1 {
			return "", errBusy
		}
		return check(ctx, order)
	}
	patiently := retry.Policy{MaxAttempts: 2, Backoff: time.Second, Jitter: retry.NoJitter}
	ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		return pipeline.From(orders, pipeline.Observe(&events)).
			Map(enrich, stage.Named("enrich"), stage.Retry(patiently)).
			To(&rows, stage.Named("rows"))
	})
	return &events
}

func ExampleEvents() {
	test(func(t *testing.T) {
		events := enriching(t)
		for _, attempt := range events.All().Of(ergon.KindAttempt) {
			fmt.Println(attempt.ID, attempt.Attempt, attempt.Err)
		}
	})
	// Output:
	// test:0 1 the directory is busy
	// test:1 1 nothing is ordered
	// test:0 2 <nil>
}

func ExampleEvents_History() {
	test(func(t *testing.T) {
		fmt.Println(strings.Join(enriching(t).History("test:0"), "\n"))
	})
	// Output:
	// 0s  fetched
	// 0s  enrich attempt 1 failed: the directory is busy
	// 0s  enrich waits 1s: the directory is busy
	// 1s  enrich attempt 2 done
	// 1s  rows dispatch 1 done
	// 1s  settle 1 done
	// 1s  acked
}

func ExampleEvents_Happened() {
	test(func(t *testing.T) {
		enriching(t).Happened(t,
			ergontest.Happening{Kind: ergon.KindAttempt, Stage: "enrich", ID: "test:0", Err: errBusy},
			ergontest.Happening{Kind: ergon.KindWait, Stage: "enrich", Wait: time.Second},
			ergontest.Happening{Kind: ergon.KindAttempt, Stage: "enrich", ID: "test:0", Attempt: 2},
			ergontest.Happening{Kind: ergon.KindDispatch, Stage: "rows", ID: "test:0"},
			ergontest.Happening{Kind: ergon.KindTransaction, ID: "test:0", Verdict: ergon.Acked},
		)
		fmt.Println("so it was")
	})
	// Output:
	// so it was
}

func ExampleEvents_Never() {
	test(func(t *testing.T) {
		enriching(t).Never(t,
			ergontest.Happening{Kind: ergon.KindDispatch, ID: "test:1"},
			ergontest.Happening{Kind: ergon.KindAttempt, Attempt: 3},
		)
		fmt.Println("nothing of it")
	})
	// Output:
	// nothing of it
}

func ExampleEventList_Of() {
	test(func(t *testing.T) {
		for _, tx := range enriching(t).All().Of(ergon.KindTransaction) {
			fmt.Println(tx.ID, tx.Verdict, tx.Took())
		}
	})
	// Output:
	// test:0 acked 1s
	// test:1 dead-lettered 0s
}

func ExampleEventList_At() {
	test(func(t *testing.T) {
		for _, dispatch := range enriching(t).All().At("rows") {
			fmt.Println(dispatch.IDs, dispatch.Err)
		}
	})
	// Output:
	// [test:0] <nil>
}

func ExampleEventList_About() {
	test(func(t *testing.T) {
		attempts := enriching(t).All().Of(ergon.KindAttempt).At("enrich").About("test:0")
		fmt.Println(len(attempts), attempts[1].Err)
	})
	// Output:
	// 2 <nil>
}

func ExampleEventList_Failed() {
	test(func(t *testing.T) {
		for _, failed := range enriching(t).All().Of(ergon.KindAttempt).Failed() {
			fmt.Println(failed.Stage, failed.Attempt, failed.Err)
		}
	})
	// Output:
	// enrich 1 the directory is busy
	// enrich 1 nothing is ordered
}
