package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// labels returns what a dead letter says of itself.
func labels[T any](tx ergon.Transaction[T]) string {
	at, _ := tx.Metadata().Get[string]("ergon.stage")
	category, _ := tx.Metadata().Get[string]("ergon.category")
	attempts, _ := tx.Metadata().Get[int]("ergon.attempts")
	reason, ok := tx.Metadata().Get[string]("ergon.reason")
	line := fmt.Sprintf("%s %s %s %d", tx.ID(), at, category, attempts)
	if ok {
		line += " " + reason
	}
	return line
}

func TestI11PoisonIsSetAsideWithItsCauseAndTheQueueMoves(t *testing.T) {
	long := "x" + strings.Repeat("é", 600)
	for _, tc := range []struct {
		name   string
		err    error
		policy retry.Policy
		want   string
	}{
		{"Business gives a reason", ergon.Business(errBoom), exactly(1), "t:0 price business 1 boom"},
		{"a long reason is cut between characters", ergon.Business(errors.New(long)), exactly(1), "t:0 price business 1 " + ergon.CutText(long)},
		{"Permanent gives none", ergon.Permanent(errBoom), exactly(1), "t:0 price system 1"},
		{"DeadLetter gives none", ergon.DeadLetter(errBoom), exactly(1), "t:0 price system 1"},
		{"too many deliveries", errBoom, exactly(3), "t:0 price system 3"},
		{"more attempts than are kept", errBoom, exactly(100), "t:0 price system 100"},
		{"a time-out", fmt.Errorf("call: %w", context.DeadlineExceeded), exactly(2), "t:0 price timeout 2"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, letters, store := tell(2), &shelf[int]{}, &shelf[int]{}
			source.waiting[0] = source.waiting[0].WithDeliveries(10).WithMeta("from", "here")
			p := pipeline.From(source).Map(failing(0, tc.err), stage.Named("price"), stage.Retry(tc.policy)).DeadLetter(letters).To(store)
			is.NoErr(p.Run(t.Context()))
			is.Equal(len(letters.txs), 1)
			is.Equal(labels(letters.txs[0]), tc.want)
			from, _ := letters.txs[0].Metadata().Get[string]("from")
			is.Equal(from, "here")
			is.Equal(letters.txs[0].Receipt(), nil)
			is.Equal(source.lines(), []string{"t:0 acked", "t:1 acked"})
			is.Equal([]int64{p.Ledger().DeadLettered, p.Ledger().Succeeded}, []int64{1, 1})
		})
	}
}

func TestDeadLetterAsIsMadeOfTheFailure(t *testing.T) {
	inBubble(t, "at the value the stage got", func(t *testing.T) {
		is := is.New(t)
		letters := &shelf[string]{}
		p := pipeline.From(source.Slice([]int{7})).
			Map(func(_ context.Context, v int) (string, error) { return fmt.Sprint("<", v, ">"), nil }).
			Map(func(context.Context, string) (string, error) { return "", ergon.Business(errBoom) }).
			DeadLetterAs(func(f ergon.Failure[int]) string {
				at, ok := f.At[string]()
				_, wrong := f.At[int]()
				return fmt.Sprint(f.Transaction.Payload(), " ", at, " ", ok, " ", wrong, " ", f.Verdict)
			}, letters).To(&shelf[string]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(letters.txs[0].Payload(), "7 <7> true false dead-lettered")
		is.Equal(letters.txs[0].ID(), "slice:0")
	})
}

func TestI10DeadLettersThatCannotBeWrittenAreNeverAcked(t *testing.T) {
	dispatch := func(err error) func(context.Context, int, []ergon.Transaction[string]) error {
		return func(context.Context, int, []ergon.Transaction[string]) error { return err }
	}
	ok := func(ergon.Failure[int]) string { return "letter" }
	for _, tc := range []struct {
		name string
		as   func(ergon.Failure[int]) string
		sink func(context.Context, int, []ergon.Transaction[string]) error
		opts []stage.SinkOption
		told string
	}{
		{"the sink rejects it", ok, dispatch(ergon.Business(errors.New("full"))), nil, "t:0 returned 1s: boom\npipeline: dead letter: full"},
		{"the sink returns it", ok, dispatch(ergon.Return(time.Hour, errors.New("full"))), nil, "t:0 returned 1s: boom\npipeline: dead letter: full"},
		{"the sink gives up", ok, dispatch(errors.New("down")), []stage.SinkOption{stage.Retry(exactly(2))}, "t:0 returned 1s: boom\npipeline: dead letter: down"},
		{"its payload panics", func(ergon.Failure[int]) string { panic("as") }, dispatch(nil), nil, "t:0 returned 1s: boom\npipeline: dead letter: panic: as"},
		{"the sink panics", ok, func(context.Context, int, []ergon.Transaction[string]) error { panic("sink") }, []stage.SinkOption{stage.Retry(exactly(2))}, "t:0 returned 1s: boom\npipeline: dead letter: panic: sink"},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, letters := delivered(1), &shelf[string]{onDispatch: tc.sink}
			p := pipeline.From(source, pipeline.With(steadily())).Map(failing(0, ergon.Business(errBoom))).
				DeadLetterAs(tc.as, letters, tc.opts...).To(&shelf[int]{})
			is.NoErr(p.Run(t.Context()))
			is.Equal(source.lines(), []string{tc.told})
			is.Equal(len(letters.ids()), 0)
			is.Equal(p.Ledger().Returned, int64(1))
		})
	}
}

func TestADeadLetterSinkThatIsDownForHoursIsBackpressure(t *testing.T) {
	inBubble(t, "five hours", func(t *testing.T) {
		is := is.New(t)
		source, began := tell(50), time.Now()
		letters := &shelf[int]{onDispatch: func(context.Context, int, []ergon.Transaction[int]) error {
			if time.Since(began) < 5*time.Hour {
				return errBoom
			}
			return nil
		}}
		fetched := int64(0)
		p := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 10})).
			Map(func(context.Context, int) (int, error) { return 0, ergon.Business(errBoom) }).DeadLetter(letters).To(&shelf[int]{})
		time.AfterFunc(4*time.Hour, func() { fetched = p.Ledger().Fetched })
		is.NoErr(p.Run(t.Context()))
		is.Equal(fetched, int64(10)) // no more than may be in flight
		is.Equal(p.Ledger().DeadLettered, int64(50))
		is.Equal(len(letters.ids()), 50)
		is.True(len(letters.sizes) < 2000) // and no storm of calls
	})
}

func TestDeadLettersAreBatchedAndTheLastBatchDoesNotWait(t *testing.T) {
	inBubble(t, "batches of four", func(t *testing.T) {
		is := is.New(t)
		source, letters, began := tell(10), &shelf[int]{}, time.Now()
		p := pipeline.From(source).Map(func(context.Context, int) (int, error) { return 0, ergon.Business(errBoom) }).
			DeadLetter(letters, stage.Batch(4, time.Hour)).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(letters.sizes, []int{4, 4, 2})
		is.Equal(time.Since(began), time.Duration(0))
	})
}

// Without a sink of its own the flow leaves dead letters to the source.
func TestWithoutADeadLetterSinkTheSourceIsTold(t *testing.T) {
	inBubble(t, "it accepts them", func(t *testing.T) {
		is := is.New(t)
		source := tell(1)
		p := pipeline.From(source).Map(failing(0, ergon.Business(errBoom))).To(&shelf[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(source.lines(), []string{"t:0 dead-lettered: boom"})
	})
	inBubble(t, "it does not", func(t *testing.T) {
		is := is.New(t)
		source := tell(1)
		source.accepts = ergon.VerdictSet(ergon.Acked, ergon.Returned)
		p := pipeline.From(source).Map(failing(0, ergon.Business(errBoom))).To(&shelf[int]{})
		var unhandled *pipeline.UnhandledError
		is.True(errors.As(p.Run(t.Context()), &unhandled))
		is.Equal(source.lines(), []string{}) // never acked
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Unsettled: 1})
	})
}
