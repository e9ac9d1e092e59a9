package ergontest

import (
	"context"
	"testing"

	"github.com/ergon-go/ergon"
)

// CheckImmutable returns a function for stages, as Map takes it, that does what fn
// does, and fails the test if a payload it was given is changed: what a retry would
// see, what another branch of a Fork sees at the same time, and what OnError and
// the dead letter get.
//
//	Map(ergontest.CheckImmutable(t, directory.Enrich), stage.Workers(64))
//
// All that can be reached from the payload counts, unexported fields too, and the
// element just behind the end of a slice that has room for one, where append
// writes. Functions, channels and contexts count as what they are, not by what they
// do; locks of package sync do not count. The failure says what changed:
//
//	payload.Lines[2].Price:
//		was: 7
//		is:  8
//
// It looks when fn returns, panics or ends its goroutine, and once more at the end
// of the test, for what fn has left running and for whoever got the payload after
// it. So a payload must not be used anew before the test ends, and a source must
// not go on writing behind the end of slices it has handed out. Between these two
// looks a change that is undone is not seen; with -race, one made while somebody
// looks is.
//
// The function may be called by any goroutine. Each call reads the payload twice,
// and keeps several times its memory until the test ends. t is that of the test or
// of its bubble.
func CheckImmutable[In, Out any](t testing.TB, fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	t.Helper()
	if fn == nil {
		t.Errorf("ergontest: CheckImmutable: the function is nil")
		return nil
	}
	p := newPayloads(t, nameOf(fn))
	return func(ctx context.Context, in In) (Out, error) {
		defer p.handOut(in)()
		return fn(ctx, in)
	}
}

// CheckImmutableTransform is CheckImmutable for a function as Transform takes it.
func CheckImmutableTransform[In, Out any](t testing.TB, fn func(context.Context, ergon.Transaction[In]) (ergon.Transaction[Out], error)) func(context.Context, ergon.Transaction[In]) (ergon.Transaction[Out], error) {
	t.Helper()
	if fn == nil {
		t.Errorf("ergontest: CheckImmutableTransform: the function is nil")
		return nil
	}
	p := newPayloads(t, nameOf(fn))
	return func(ctx context.Context, tx ergon.Transaction[In]) (ergon.Transaction[Out], error) {
		defer p.handOut(tx.Payload())()
		return fn(ctx, tx)
	}
}

// CheckUnchanged fails the test if one of these values is not at its end what it is
// now. Given what a source hands out, it holds for the whole of a pipeline:
//
//	orders := []*Order{a, b, c}
//	ergontest.CheckUnchanged(t, orders...)
//	ergontest.Run(t, … pipeline.From(ergontest.NewSource(orders...)) …)
//
// What counts, and what must not happen meanwhile, is said at CheckImmutable.
func CheckUnchanged[T any](t testing.TB, values ...T) {
	t.Helper()
	newFixtures(t, values)
}
