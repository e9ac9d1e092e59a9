package ergontest

import (
	"context"
	"testing"

	"github.com/ergon-go/ergon"
)

// Func tests a function for stages, as Map takes it, without a pipeline, call by
// call. Each is made in a subtest and in virtual time of its own.
//
//	ergontest.Func(t, parse,
//		ergontest.Call[string, int]{Name: "a number", In: "7", Want: 7},
//		ergontest.Call[string, int]{Name: "no number", In: "seven", Err: strconv.ErrSyntax, Verdict: ergon.DeadLettered},
//	)
//
// An attempt's context ends after a minute unless Retry says otherwise. A panic is
// an *ergon.PanicError, runtime.Goexit is ergon.ErrGoexit. A call that does not
// return within 24 hours, and a goroutine that is left, fail the test. A message
// shows every attempt, by virtual time.
//
// Func must not be called in a bubble.
func Func[In, Out any](t *testing.T, fn func(context.Context, In) (Out, error), calls ...Call[In, Out]) {
	t.Helper()
	given(t, "Func", "fn", fn != nil)
	FuncWith(t, func(*Fakes) func(context.Context, In) (Out, error) { return fn }, calls...)
}

// FuncTransform is Func for a function as Transform takes it, which sees and
// returns whole transactions.
func FuncTransform[In, Out any](t *testing.T, fn func(context.Context, ergon.Transaction[In]) (ergon.Transaction[Out], error), calls ...Call[In, Out]) {
	t.Helper()
	funcEach(t, func(*Fakes) transform[In, Out] { return fn }, calls)
}

// FuncWith is Func for a function that calls services, or needs what is made in a
// bubble. build is called for each call, inside its bubble, and makes the function
// with the fakes of those services.
func FuncWith[In, Out any](t *testing.T, build func(f *Fakes) func(context.Context, In) (Out, error), calls ...Call[In, Out]) {
	t.Helper()
	given(t, "FuncWith", "build", build != nil)
	funcEach(t, func(f *Fakes) transform[In, Out] {
		fn := build(f)
		return func(ctx context.Context, tx ergon.Transaction[In]) (ergon.Transaction[Out], error) {
			out, err := fn(ctx, tx.Payload())
			return tx.With(out), err
		}
	}, calls)
}

// transform is a function as Transform takes it.
type transform[In, Out any] = func(context.Context, ergon.Transaction[In]) (ergon.Transaction[Out], error)

func funcEach[In, Out any](t *testing.T, build func(*Fakes) transform[In, Out], calls []Call[In, Out]) {
	t.Helper()
	if len(calls) == 0 {
		t.Error("ergontest: a Func without a Call tests nothing")
	}
	for i, c := range calls {
		t.Run(c.Name, func(t *testing.T) {
			t.Helper()
			funcCall(t, failing(t), c, i, build)
		})
	}
}
