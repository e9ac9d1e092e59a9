package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// steering is what an error does wherever user code may return it.
type steering struct {
	name    string
	err     error
	calls   int           // of the function, of three that it may have
	took    time.Duration // until it was given up
	told    string        // to the source
	ledger  ergon.Ledger
	stopped bool // the run ends with the error
}

// steeringTable is the table of the root package, with three attempts, a second apart.
func steeringTable() []steering {
	returned := ergon.Ledger{Fetched: 1, Returned: 1}
	dead := ergon.Ledger{Fetched: 1, DeadLettered: 1}
	twice := ergon.Ledger{Fetched: 1, Returned: 1, Retries: 2}
	return []steering{
		{name: "any error", err: errBoom, calls: 3, took: 2 * time.Second, told: "t:0 returned 1s: boom", ledger: twice},
		{name: "Business", err: ergon.Business(errBoom), calls: 1, told: "t:0 dead-lettered: boom", ledger: dead},
		{name: "Business, wrapped", err: fmt.Errorf("price: %w", ergon.Business(errBoom)), calls: 1, told: "t:0 dead-lettered: price: boom", ledger: dead},
		{name: "Business, joined", err: errors.Join(errors.New("first"), ergon.Business(errBoom)), calls: 1, told: "t:0 dead-lettered: first\nboom", ledger: dead},
		{name: "Permanent", err: ergon.Permanent(errBoom), calls: 1, told: "t:0 dead-lettered: boom", ledger: dead},
		{name: "RetryAfter longer than the wait", err: ergon.RetryAfter(time.Minute, errBoom), calls: 3, took: 2 * time.Minute, told: "t:0 returned 1m0s: boom", ledger: twice},
		{name: "RetryAfter shorter than the wait", err: ergon.RetryAfter(time.Millisecond, errBoom), calls: 3, took: 2 * time.Second, told: "t:0 returned 1s: boom", ledger: twice},
		{name: "Return", err: ergon.Return(time.Hour, errBoom), calls: 1, told: "t:0 returned 1h0m0s: boom", ledger: returned},
		{name: "Return at once", err: ergon.Return(0, errBoom), calls: 1, told: "t:0 returned: boom", ledger: returned},
		{name: "DeadLetter", err: ergon.DeadLetter(errBoom), calls: 1, told: "t:0 dead-lettered: boom", ledger: dead},
		{name: "Drop", err: ergon.Drop("unwanted"), calls: 1, told: "t:0 acked", ledger: ergon.Ledger{Fetched: 1, Dropped: 1}},
		{name: "Fatal", err: ergon.Fatal(errBoom), calls: 1, told: "t:0 released", ledger: ergon.Ledger{Fetched: 1, Released: 1}, stopped: true},
		{name: "context.Canceled", err: context.Canceled, calls: 3, took: 2 * time.Second, told: "t:0 returned 1s: context canceled", ledger: twice},
		{name: "Handled, which only a handler may say", err: ergon.Handled, calls: 3, took: 2 * time.Second, told: "t:0 returned 1s: ergon: handled", ledger: twice},
		{name: "an ItemErrors of another length", err: ergon.ItemErrors{nil, ergon.Business(errBoom)}, calls: 3, took: 2 * time.Second, told: "t:0 returned 1s: ergon: wrong number of item errors\nergon: 1 of 2 failed, the first: boom", ledger: twice},
	}
}

// check compares what has happened with the row.
func (s steering) check(t *testing.T, source *teller, p pipeline.Pipeline, err error, calls int, took time.Duration) {
	t.Helper()
	is := is.New(t)
	is.Equal(calls, s.calls)
	is.Equal(took, s.took)
	is.Equal(source.lines(), []string{s.told})
	is.Equal(p.Ledger(), s.ledger)
	if !s.stopped {
		is.NoErr(err)
		return
	}
	is.True(errors.Is(err, s.err)) // the run ends with the error
	var drain *pipeline.DrainError
	is.True(errors.As(err, &drain))
	is.Equal(drain.Released, int64(1))
}

func TestSteeringFromAStage(t *testing.T) {
	for _, row := range steeringTable() {
		inBubble(t, row.name, func(t *testing.T) {
			source, calls, began, last := tell(1), 0, time.Now(), time.Time{}
			p := pipeline.From(source, pipeline.With(steadily())).Map(func(context.Context, int) (int, error) {
				calls++
				last = time.Now()
				return 0, row.err
			}, stage.Retry(exactly(3))).To(&shelf[int]{})
			row.check(t, source, p, p.Run(t.Context()), calls, last.Sub(began))
		})
	}
}

// The sink waits a while for a second call that fails as a whole, which is what
// the times of a stage are made of too.
func TestSteeringFromASink(t *testing.T) {
	for _, row := range steeringTable() {
		inBubble(t, row.name, func(t *testing.T) {
			source, calls, began, last := tell(1), 0, time.Now(), time.Time{}
			store := &shelf[int]{onDispatch: func(context.Context, int, []ergon.Transaction[int]) error {
				calls++
				last = time.Now()
				return row.err
			}}
			p := pipeline.From(source, pipeline.With(steadily())).To(store, stage.Retry(exactly(3)))
			row.check(t, source, p, p.Run(t.Context()), calls, last.Sub(began))
		})
	}
}

// An entry of ItemErrors steers its own transaction, as the error of a call on
// it alone would.
func TestSteeringFromAnItemOfABatch(t *testing.T) {
	for _, row := range steeringTable() {
		if row.stopped || row.took != 0 {
			continue // what stops or waits is not about one item alone
		}
		inBubble(t, row.name, func(t *testing.T) {
			is := is.New(t)
			source := tell(3)
			store := &shelf[int]{onDispatch: func(_ context.Context, _ int, txs []ergon.Transaction[int]) error {
				is.Equal(len(txs), 3) // one call; what steers is not handed over again
				return ergon.ItemErrors{row.err, nil, nil}
			}}
			p := pipeline.From(source, pipeline.With(steadily())).To(store, stage.Batch(3, time.Second))
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{row.told, "t:1 acked", "t:2 acked"})
			is.Equal(store.ids(), []string{"t:1", "t:2"})
		})
	}
}

func TestHoldStopsTheStageAndIsNoAttempt(t *testing.T) {
	inBubble(t, "a stage", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(3), time.Now()
		var calls []string
		p := pipeline.From(source).Map(func(_ context.Context, v int) (int, error) {
			calls = append(calls, fmt.Sprintf("%d at %v", v, time.Since(began)))
			if v == 0 && time.Since(began) < 3*time.Hour {
				return 0, ergon.Hold(time.Hour, errBoom)
			}
			return v, nil
		}).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(calls, []string{"0 at 0s", "0 at 1h0m0s", "0 at 2h0m0s", "0 at 3h0m0s", "1 at 3h0m0s", "2 at 3h0m0s"})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 3}) // holding is no retry
	})
	inBubble(t, "some of a batch hold, some ask for a longer wait", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(2), time.Now()
		tries := map[int][]time.Duration{}
		p := pipeline.From(source).MapBatch(2, time.Second, func(_ context.Context, all []int) ([]int, error) {
			errs := make(ergon.ItemErrors, len(all))
			for i, v := range all {
				tries[v] = append(tries[v], time.Since(began))
				if len(tries[v]) == 1 {
					errs[i] = []error{ergon.Hold(time.Second, errBoom), ergon.RetryAfter(time.Minute, errBoom)}[v]
				}
			}
			return all, errs
		}, stage.Retry(exactly(3))).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(tries, map[int][]time.Duration{0: {0, time.Second}, 1: {0, time.Minute}})
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 2, Succeeded: 2, Retries: 1})
	})
}

func TestClassifyGivesPlainErrorsACategory(t *testing.T) {
	categories := map[string]func(error) ergon.Category{
		"business": func(error) ergon.Category { return ergon.CategoryBusiness },
		"timeout":  func(error) ergon.Category { return ergon.CategoryTimeout },
		"panic":    func(error) ergon.Category { panic("classify") },
	}
	for _, tc := range []struct {
		name     string
		err      error
		calls    int
		told     string
		category ergon.Category
	}{
		{"business", errBoom, 1, "t:0 dead-lettered: boom", ergon.CategoryBusiness},
		{"timeout", errBoom, 2, "t:0 returned 1s: boom", ergon.CategoryTimeout},
		{"panic", errBoom, 2, "t:0 returned 1s: boom", ergon.CategorySystem},
		{"business", ergon.Return(time.Minute, errBoom), 1, "t:0 returned 1m0s: boom", ergon.CategorySystem}, // it has steered already
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, calls := tell(1), 0
			var seen []ergon.Category
			p := pipeline.From(source, pipeline.With(steadily())).Map(func(context.Context, int) (int, error) {
				calls++
				return 0, tc.err
			}, stage.Classify(categories[tc.name]), stage.Retry(exactly(2))).
				OnError(func(_ context.Context, f ergon.Failure[int]) error { seen = append(seen, f.Category); return nil }).
				To(&shelf[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(calls, tc.calls)
			is.Equal(source.lines(), []string{tc.told})
			is.Equal(seen, []ergon.Category{tc.category})
		})
	}
}

// What waits on its own account takes that wait along to the source, but only
// Return decides for itself: everything else is Returned so often, and then set aside.
func TestOnlyReturnGoesPastMaxDeliveries(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		told string
	}{
		{"any error", errBoom, "t:0 dead-lettered: boom"},
		{"RetryAfter", ergon.RetryAfter(time.Minute, errBoom), "t:0 dead-lettered: boom"},
		{"Return", ergon.Return(time.Minute, errBoom), "t:0 returned 1m0s: boom"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := delivered(10)
			p := pipeline.From(source).Map(failing(0, tc.err)).To(&shelf[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{tc.told})
		})
	}
}
