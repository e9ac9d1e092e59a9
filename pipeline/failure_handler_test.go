package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// awkward is an error that looks as if it could be compared, and cannot.
type awkward struct{ detail any }

func (awkward) Error() string { return "awkward" }

type handling = func(context.Context, ergon.Failure[int]) error

func saying(err error) handling {
	return func(context.Context, ergon.Failure[int]) error { return err }
}

func TestSteeringFromOnError(t *testing.T) {
	once := ergon.Ledger{Fetched: 1, Returned: 1}
	for _, tc := range []struct {
		name   string
		fails  error // the stage
		handle handling
		calls  int // of the handler
		told   string
		ledger ergon.Ledger
	}{
		{"nil after a plain error", errBoom, saying(nil), 1, "t:0 returned 1s: boom", once},
		{"nil after Business", ergon.Business(errBoom), saying(nil), 1, "t:0 dead-lettered: boom", ergon.Ledger{Fetched: 1, DeadLettered: 1}},
		{"nil after Return", ergon.Return(time.Hour, errBoom), saying(nil), 1, "t:0 returned 1h0m0s: boom", once},
		{"the same error", errBoom, func(_ context.Context, f ergon.Failure[int]) error { return f.Err }, 1, "t:0 returned 1s: boom", once},
		{"the same error, which steers", ergon.DeadLetter(errBoom), func(_ context.Context, f ergon.Failure[int]) error { return f.Err }, 1, "t:0 dead-lettered: boom", ergon.Ledger{Fetched: 1, DeadLettered: 1}},
		{"the same error, which cannot be compared", awkward{[]int{1}}, func(_ context.Context, f ergon.Failure[int]) error { return f.Err }, 3, "t:0 returned 1s: awkward\npipeline: OnError: awkward", ergon.Ledger{Fetched: 1, Returned: 1, Retries: 2}},
		{"the report of a sink that has stored it", errBoom, saying(ergon.ItemErrors{nil}), 1, "t:0 returned 1s: boom", once},
		{"Handled", errBoom, saying(ergon.Handled), 1, "t:0 acked", ergon.Ledger{Fetched: 1, Handled: 1}},
		{"Handled, wrapped", errBoom, saying(fmt.Errorf("stored: %w", ergon.Handled)), 1, "t:0 acked", ergon.Ledger{Fetched: 1, Handled: 1}},
		{"Drop", errBoom, saying(ergon.Drop("unwanted")), 1, "t:0 acked", ergon.Ledger{Fetched: 1, Dropped: 1}},
		{"Return", ergon.Business(errBoom), saying(ergon.Return(time.Minute, errors.New("later"))), 1, "t:0 returned 1m0s: later", once},
		{"DeadLetter", errBoom, saying(ergon.DeadLetter(errors.New("enough"))), 1, "t:0 dead-lettered: enough", ergon.Ledger{Fetched: 1, DeadLettered: 1}},
		{"Fatal", errBoom, saying(ergon.Fatal(errors.New("stop"))), 1, "t:0 released", ergon.Ledger{Fetched: 1, Released: 1}},
		{"another error", ergon.Business(errBoom), saying(errors.New("mail")), 3, "t:0 returned 1s: boom\npipeline: OnError: mail", ergon.Ledger{Fetched: 1, Returned: 1, Retries: 2}},
		{"Business, which is no answer", errBoom, saying(ergon.Business(errors.New("mail"))), 3, "t:0 returned 1s: boom\npipeline: OnError: mail", ergon.Ledger{Fetched: 1, Returned: 1, Retries: 2}},
		{"context.Canceled", errBoom, saying(context.Canceled), 3, "t:0 returned 1s: boom\npipeline: OnError: context canceled", ergon.Ledger{Fetched: 1, Returned: 1, Retries: 2}},
		{"a panic", errBoom, func(context.Context, ergon.Failure[int]) error { panic("handler") }, 3, "t:0 returned 1s: boom\npipeline: OnError: panic: handler", ergon.Ledger{Fetched: 1, Returned: 1, Retries: 2}},
		{"the end of its goroutine", errBoom, func(context.Context, ergon.Failure[int]) error { runtime.Goexit(); return nil }, 3, "t:0 returned 1s: boom\npipeline: OnError: " + ergon.ErrGoexit.Error(), ergon.Ledger{Fetched: 1, Returned: 1, Retries: 2}},
	} {
		inBubble(t, "I10 "+tc.name, func(t *testing.T) {
			is := is.New(t)
			source, calls, store := tell(1), 0, &shelf[int]{}
			p := pipeline.From(source, pipeline.With(steadily())).
				OnError(func(ctx context.Context, f ergon.Failure[int]) error { calls++; return tc.handle(ctx, f) }).
				Map(failing(0, tc.fails)).To(store)
			err := p.Run(t.Context())
			is.Equal(err != nil, tc.ledger.Released > 0) // only Fatal ends the run
			is.Equal(calls, tc.calls)
			is.Equal(source.lines(), []string{tc.told})
			is.Equal(p.Ledger(), tc.ledger)
			is.Equal(len(store.ids()), 0)
		})
	}
}

func TestOnErrorSeesEachFailedTransactionOnceWithAllThatIsKnown(t *testing.T) {
	inBubble(t, "a stage that was tried three times", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(2), time.Now()
		var seen []ergon.Failure[int]
		p := pipeline.From(source).
			Map(func(_ context.Context, v int) (string, error) { return fmt.Sprint("v", v), nil }).
			Map(func(_ context.Context, v string) (string, error) {
				time.Sleep(time.Second)
				return v, errBoom
			}, stage.Named("slow"), stage.Retry(exactly(3))).
			OnError(func(_ context.Context, f ergon.Failure[int]) error {
				seen = append(seen, f)
				return nil
			}).To(&shelf[string]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(len(seen), 2)
		f := seen[0]
		is.Equal(f.Transaction.ID(), "t:0")
		is.Equal(f.Transaction.Payload(), 0) // as it was fetched
		at, ok := f.At[string]()
		is.True(ok && at == "v0") // as the stage got it
		is.Equal([]any{f.Stage, f.Err, f.Category, f.Verdict, f.Item, len(f.Also)}, []any{"slow", errBoom, ergon.CategorySystem, ergon.Returned, 0, 0})
		is.Equal(len(f.Attempts), 3)
		for i, a := range f.Attempts {
			is.Equal(a.Number, i+1)
			is.Equal(a.Duration, time.Second)
			is.Equal(a.Err, errBoom)
			is.Equal(a.Wait, time.Duration(min(i, 1))*time.Second)
		}
		is.Equal(f.Attempts[0].Start.Sub(began), time.Duration(0))
	})
}

// OnSuccess is asked once for each transaction with a stored output, after the
// sink has confirmed all of it and before the source is told.
func TestOnSuccess(t *testing.T) {
	for _, tc := range []struct {
		name   string
		do     func(call int) error
		handle handling
		calls  int
		told   string
		stages []string // of the failures that OnError sees
		row    ergon.Ledger
	}{
		{"succeeds", func(int) error { return nil }, saying(nil), 1, "t:0 acked", nil, ergon.Ledger{Succeeded: 1}},
		{"succeeds the second time", func(call int) error { return []error{errBoom, nil}[call-1] }, saying(nil), 2, "t:0 acked", nil, ergon.Ledger{Succeeded: 1, Retries: 1}},
		{"fails for good", func(int) error { return errBoom }, saying(nil), 3, "t:0 acked", []string{"success acked"}, ergon.Ledger{Succeeded: 1, Retries: 2}},
		{"fails for good, which is handled", func(int) error { return errBoom }, saying(ergon.Handled), 3, "t:0 acked", []string{"success acked"}, ergon.Ledger{Handled: 1, Retries: 2}},
		{"fails for good, which is returned", func(int) error { return errBoom }, saying(ergon.Return(time.Minute, errBoom)), 3, "t:0 returned 1m0s: boom", []string{"success acked"}, ergon.Ledger{Returned: 1, Retries: 2}},
		{"cannot succeed", func(int) error { return ergon.Permanent(errBoom) }, saying(nil), 1, "t:0 acked", []string{"success acked"}, ergon.Ledger{Succeeded: 1}},
		{"panics", func(int) error { panic("success") }, saying(nil), 3, "t:0 acked", []string{"success acked"}, ergon.Ledger{Succeeded: 1, Retries: 2}},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, store, calls := tell(1), &shelf[int]{}, 0
			var stages []string
			p := pipeline.From(source).
				OnSuccess(func(_ context.Context, tx ergon.Transaction[int]) error {
					calls++
					is.Equal(tx.ID(), "t:0")
					is.Equal(len(store.ids()), 1)        // it is stored
					is.Equal(source.lines(), []string{}) // and the source not told
					return tc.do(calls)
				}).
				OnError(func(ctx context.Context, f ergon.Failure[int]) error {
					stages = append(stages, fmt.Sprint(f.Stage, " ", f.Verdict))
					return tc.handle(ctx, f)
				}).To(store)
			is.NoErr(p.Run(t.Context()))
			tc.row.Fetched = 1
			is.Equal(p.Ledger(), tc.row)
			is.Equal(calls, tc.calls)
			is.Equal(stages, tc.stages)
			is.Equal(source.lines(), []string{tc.told})
		})
	}
	inBubble(t, "is not asked about what was filtered or failed", func(t *testing.T) {
		is := is.New(t)
		var asked []string
		p := pipeline.From(tell(3)).Filter(func(v int) bool { return v != 1 }).Map(failing(2, errBoom)).
			OnSuccess(func(_ context.Context, tx ergon.Transaction[int]) error {
				asked = append(asked, tx.ID())
				return nil
			}).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(asked, []string{"t:0"})
	})
}
