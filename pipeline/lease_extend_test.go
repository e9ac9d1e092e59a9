package pipeline_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// Everything that is fetched is extended, also what waits in front of the only
// worker, at about half the lease, until it is settled.
func TestI21_LeasesAreExtendedFromFetchToSettlement(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		began := time.Now()
		source, to := ergontest.NewSource(0, 1, 2, 3), &ergontest.Sink[int]{}
		p := pipeline.From(source.Leased(30 * time.Second)).
			Map(func(_ context.Context, v int) (int, error) { time.Sleep(45 * time.Second); return v, nil }).To(to)
		is.NoErr(p.Run(t.Context()))
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 4, Succeeded: 4})
		is.Equal(to.Duplicates(), []string(nil))
		is.NoErr(source.Violations())
		last := began
		for _, call := range source.Extends() {
			gap := call.At.Sub(last)
			is.True(gap <= 15*time.Second)
			is.True(gap >= 13*time.Second)
			last = call.At
		}
		first := source.Extends()[0].IDs
		slices.Sort(first)
		is.Equal(first, []string{"test:0", "test:1", "test:2", "test:3"})
		for _, call := range source.Extends() {
			if call.At.After(began.Add(136 * time.Second)) {
				is.Equal(call.IDs, []string{"test:3"}) // the others are settled
			}
		}
	})
}

// A lease that is refused is lost: the work on it is told so, what it returns
// never reaches the sink, and the source is told nothing with the old receipt.
func TestI21_ALostLeaseEndsTheWorkAndDropsItsResult(t *testing.T) {
	refused := ergon.ItemErrors{ergon.ErrLeaseLost}
	for _, name := range []string{"it returns nil all the same", "it returns why"} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			source, to := ergontest.NewSource(0), &ergontest.Sink[int]{}
			source.OnExtend = func(_ context.Context, call int, _ []ergon.Transaction[int]) error {
				if call == 1 {
					return refused
				}
				return nil
			}
			var cause error
			p := pipeline.From(source.Leased(30*time.Second), pipeline.With(pipeline.Policy{Limit: 1})).
				Map(func(ctx context.Context, v int) (int, error) {
					<-ctx.Done()
					cause = context.Cause(ctx)
					if name == "it returns why" {
						return v, cause
					}
					return v, nil
				}, stage.Retry(oneSecond(3))).
				OnError(func(context.Context, ergon.Failure[int]) error { t.Error("it is no failure"); return nil }).To(to)
			is.NoErr(p.Run(t.Context()))
			is.Equal(cause, ergon.ErrLeaseLost)
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Unsettled: 1})
			is.Equal(len(to.Batches()), 0)
			is.Equal(len(source.Settlements()), 0)
		})
	}
}

// A lost lease ends a wait for a retry too: no attempt is made after it.
func TestI21_NoAttemptIsMadeAfterTheLeaseIsLost(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, calls := ergontest.NewSource(0), 0
		source.OnExtend = func(context.Context, int, []ergon.Transaction[int]) error {
			return ergon.ItemErrors{ergon.ErrLeaseLost}
		}
		p := pipeline.From(source.Leased(30*time.Second), pipeline.With(pipeline.Policy{Limit: 1})).
			Map(func(context.Context, int) (int, error) {
				calls++
				return 0, ergon.RetryAfter(time.Minute, errors.New("busy"))
			}, stage.Retry(oneSecond(3))).To(&ergontest.Sink[int]{})
		is.NoErr(p.Run(t.Context()))
		is.Equal(calls, 1)
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Unsettled: 1, Retries: 1})
		is.Equal(len(source.Settlements()), 0)
	})
}

// An extension that fails, or hangs, is made again in time.
func TestI21_AnExtensionThatFailsIsRepeatedBeforeTheLeaseEnds(t *testing.T) {
	rows := []struct {
		name string
		fail func(ctx context.Context) error
	}{
		{"it fails", func(context.Context) error { return errors.New("connection reset") }},
		{"it hangs until its context ends", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
		{"its report is too long", func(context.Context) error { return ergon.ItemErrors{nil, nil} }},
	}
	for _, row := range rows {
		bubbled(t, row.name, func(t *testing.T) {
			is := is.New(t)
			source, to := ergontest.NewSource(0), &ergontest.Sink[int]{}
			source.OnExtend = func(ctx context.Context, call int, _ []ergon.Transaction[int]) error {
				if call%2 == 1 {
					return row.fail(ctx)
				}
				return nil
			}
			p := pipeline.From(source.Leased(30*time.Second), once(1)).
				Map(func(ctx context.Context, v int) (int, error) {
					select {
					case <-ctx.Done():
						return 0, context.Cause(ctx)
					case <-time.After(55 * time.Second):
						return v, nil
					}
				}).To(to)
			is.NoErr(p.Run(t.Context()))
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1, Succeeded: 1})
			is.True(len(source.Extends()) >= 4)
		})
	}
}

// A source whose lease makes no sense is refused before anything is fetched.
func TestALeaseOfNoLengthEndsTheRun(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source := ergontest.NewSource(0)
		err := pipeline.From(source.Leased(0)).To(&ergontest.Sink[int]{}).Run(t.Context())
		is.True(err != nil)
		is.Equal(source.Stops(), 1)
	})
}

// Receipts of before are dead: what a run settles after the source has taken a
// transaction back changes nothing, and it is stored again under its id.
func TestI19_ASettlementThatIsStaleIsNoError(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		source, to := ergontest.NewSource(0), &ergontest.Sink[int]{}
		var calls atomic.Int64
		source.OnExtend = func(ctx context.Context, call int, _ []ergon.Transaction[int]) error {
			if call == 1 { // the connection is gone for longer than the lease, and with it the answer
				time.Sleep(40 * time.Second)
			}
			return nil
		}
		p := pipeline.From(source.Leased(30*time.Second)).
			Map(func(ctx context.Context, v int) (int, error) {
				if calls.Add(1) == 1 {
					time.Sleep(50 * time.Second)
				}
				return v, nil
			}, stage.Workers(2)).To(to)
		is.NoErr(p.Run(t.Context()))
		is.Equal(source.Settled(ergon.Acked), []string{"test:0"})
		is.True(p.Ledger().Balanced())
		is.Equal(p.Ledger().Fetched, int64(2))
		is.NoErr(source.Violations())
	})
}
