package pipeline_test

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"runtime"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// misdeed is a way in which user code does not return.
type misdeed struct {
	name string
	do   func()
	is   func(err error) bool // the error it counts as
}

var misdeeds = []misdeed{
	{"panics", panicHere, func(err error) bool {
		var p *ergon.PanicError
		return errors.As(err, &p) && p.Value == "a bug" && len(p.Stack) > 0
	}},
	{"panics with nil", func() { panic(nil) }, func(err error) bool {
		var p *ergon.PanicError
		return errors.As(err, &p)
	}},
	{"ends its goroutine", runtime.Goexit, func(err error) bool { return errors.Is(err, ergon.ErrGoexit) }},
}

func panicHere() { panic("a bug") }

// place is a kind of user code. bad is to be called where the payload is 0.
type place struct {
	name   string
	build  func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline
	want   ergon.Ledger
	cause  bool // the misdeed is the cause of the settlement of the first
	stored []int
}

func firstReturned() ergon.Ledger { return ergon.Ledger{Fetched: 3, Succeeded: 2, Returned: 1} }

// codePlaces are all kinds of user code that are called for a transaction.
func codePlaces() []place {
	fails := errors.New("fails")
	failFirst := func(_ context.Context, v int) (int, error) {
		if v == 0 {
			return 0, fails
		}
		return v, nil
	}
	rest := []int{1, 2}
	return []place{
		{name: "Map", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.Map(func(_ context.Context, v int) (int, error) { bad(v); return v, nil }).To(to)
		}},
		{name: "Map, in order", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.Ordered().Map(func(_ context.Context, v int) (int, error) { bad(v); return v, nil }, stage.Workers(2)).To(to)
		}},
		{name: "Transform", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.Transform(func(_ context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) {
				bad(tx.Payload())
				return tx, nil
			}).To(to)
		}},
		{name: "MapBatch", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.MapBatch(1, 0, func(_ context.Context, vs []int) ([]int, error) { bad(vs[0]); return vs, nil }).To(to)
		}},
		{name: "FlatMap, before it returns a sequence", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.FlatMap(func(_ context.Context, v int) iter.Seq2[int, error] {
				bad(v)
				return func(yield func(int, error) bool) { yield(v, nil) }
			}).To(to)
		}},
		{name: "FlatMap, before a yield", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.FlatMap(func(_ context.Context, v int) iter.Seq2[int, error] {
				return func(yield func(int, error) bool) { bad(v); yield(v, nil) }
			}).To(to)
		}},
		{name: "FlatMap, after a yield", want: firstReturned(), cause: true, stored: []int{0, 1, 2}, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.FlatMap(func(_ context.Context, v int) iter.Seq2[int, error] {
				return func(yield func(int, error) bool) { yield(v, nil); bad(v) }
			}).To(to)
		}},
		{name: "Filter", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.Filter(func(v int) bool { bad(v); return true }).To(to)
		}},
		{name: "KeyBy", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.KeyBy(func(tx ergon.Transaction[int]) string { bad(tx.Payload()); return "key" }).To(to)
		}},
		{name: "Route", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.Route(func(v int) int { bad(v); return 0 }, func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(to) })
		}},
		{name: "Classify", want: firstReturned(), stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.Map(failFirst, stage.Classify(func(error) ergon.Category { bad(0); return ergon.CategoryBusiness })).To(to)
		}},
		{name: "a Limiter", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			calls := -1
			return f.Map(failFirst, stage.Limit(limiter(func(context.Context) error { calls++; bad(calls); return nil }))).To(to)
		}},
		{name: "OnError", want: ergon.Ledger{Fetched: 3, Succeeded: 2, Returned: 1, Retries: 2}, cause: true, stored: rest,
			build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
				return f.Map(failFirst).OnError(func(_ context.Context, failure ergon.Failure[int]) error {
					bad(failure.Transaction.Payload())
					return ergon.Handled
				}).To(to)
			}},
		{name: "OnSuccess", want: ergon.Ledger{Fetched: 3, Succeeded: 3, Retries: 2}, stored: []int{0, 1, 2},
			build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
				return f.OnSuccess(func(_ context.Context, tx ergon.Transaction[int]) error { bad(tx.Payload()); return nil }).To(to)
			}},
		{name: "DeadLetterAs", want: firstReturned(), cause: true, stored: rest, build: func(f pipeline.Flow[int, int], to ergon.Sink[int], bad func(int)) pipeline.Pipeline {
			return f.Map(failFirst, stage.Classify(func(error) ergon.Category { return ergon.CategoryBusiness })).
				DeadLetterAs(func(failure ergon.Failure[int]) string { bad(failure.Transaction.Payload()); return "" }, &ergontest.Sink[string]{}).To(to)
		}},
	}
}

type limiter func(context.Context) error

func (l limiter) Wait(ctx context.Context) error { return l(ctx) }

// Whatever user code does instead of returning, one transaction has failed, and
// the only worker and the only slot there are go on with the others.
func TestI9_UserCodeThatDoesNotReturnFailsItsTransactionAlone(t *testing.T) {
	for _, how := range misdeeds {
		for _, where := range codePlaces() {
			bubbled(t, where.name+" "+how.name, func(t *testing.T) {
				is := is.New(t)
				source, to := ergontest.NewSource(0, 1, 2), &ergontest.Sink[int]{}
				f := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 1, Limit: 3}))
				p := where.build(f, to, func(v int) {
					if v == 0 {
						how.do()
					}
				})
				is.NoErr(p.Run(t.Context()))
				is.Equal(p.Ledger(), where.want)
				is.Equal(to.Payloads(), where.stored)
				is.NoErr(source.Violations())
				is.Equal(len(source.Settlements()), 3)
				if where.cause {
					is.True(how.is(source.Settlements()[0].Cause))
				}
			})
		}
	}
}

// brokenError is a pointer type whose nil is no error that can be used: a
// function that returns one as an error has made a common mistake.
type brokenError struct{ inner error }

func (e *brokenError) Error() string { return e.inner.Error() }
func (e *brokenError) Unwrap() error { return e.inner }

// An error whose own methods panic fails its transaction like any other.
func TestI9_AnErrorThatIsANilPointerFailsItsTransactionAlone(t *testing.T) {
	for name, broken := range map[string]error{
		"one of the standard library": (*fs.PathError)(nil),
		"one of the user":             (*brokenError)(nil),
		"one that holds another":      &brokenError{(*brokenError)(nil)},
	} {
		bubbled(t, name, func(t *testing.T) {
			is := is.New(t)
			source, to := ergontest.NewSource(0, 1, 2), &ergontest.Sink[int]{}
			to.DispatchErrors(broken, ergon.ItemErrors{broken})
			source.FetchErrors(broken)
			source.SettleErrors(broken)
			began := time.Now()
			p := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 1, Limit: 3})).
				Map(func(_ context.Context, v int) (int, error) {
					if v == 0 {
						return 0, broken
					}
					return v, nil
				}, stage.Retry(retry.Policy{MaxAttempts: 2})).To(to)
			is.NoErr(p.Run(t.Context()))
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 3, Succeeded: 2, Returned: 1, Retries: 4})
			is.Equal(to.Payloads(), []int{1, 2})
			is.True(time.Since(began) < time.Second)
			var caught *ergon.PanicError
			is.True(errors.As(source.Settlements()[0].Cause, &caught))
			is.True(caught.Error() != "")
		})
	}
}
