package retry_test

import (
	"context"
	"testing"
	"time"

	"github.com/ergon-go/ergon/retry"
)

// TestSuccessAllocatesNothing holds what a call allocates that succeeds at once.
// The race detector has sync.Pool lose a quarter of what is put there, of which Do
// lives: there it may allocate what it does for its first calls.
func TestSuccessAllocatesNothing(t *testing.T) {
	within := retry.Policy{AttemptTimeout: time.Minute, Within: time.Hour}
	for _, test := range []struct {
		name string
		call func(context.Context, item) (item, error)
		most float64
	}{
		{"Wrap", retry.Wrap(patient, bare), 0},
		{"Wrap with a timeout", retry.Wrap(timed, bare), 0},
		{"Wrap with a timeout and a bound", retry.Wrap(within, bare), 0},
		{"Wrap of what asks for a value", retry.Wrap(timed, asksValue), 0},
		{"Do", done(patient), whenRaced(1, 0)},
		{"Do with a timeout", done(timed), whenRaced(2, 0)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := allocated(t.Context(), t, test.call); got > test.most {
				t.Errorf("%v allocations for each call, at most %v", got, test.most)
			}
		})
	}
}

// A context that cannot end may be anybody's, so nothing is left to the next call
// under it: what the context of an attempt takes, each takes for itself.
func TestSuccessUnderABackgroundAllocatesOnce(t *testing.T) {
	for _, test := range []struct {
		name string
		call func(context.Context, item) (item, error)
		most float64
	}{
		{"Wrap", retry.Wrap(patient, bare), 0},
		{"Wrap with a timeout", retry.Wrap(timed, bare), 1},
		{"Do", done(patient), whenRaced(1, 0)},
		{"Do with a timeout", done(timed), whenRaced(2, 1)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := allocated(context.Background(), t, test.call); got > test.most {
				t.Errorf("%v allocations for each call, at most %v", got, test.most)
			}
		})
	}
}

// allocated returns how much a call allocates, of very many.
func allocated(ctx context.Context, t *testing.T, call func(context.Context, item) (item, error)) float64 {
	t.Helper()
	var v item
	return testing.AllocsPerRun(20_000, func() {
		var err error
		if v, err = call(ctx, v); err != nil {
			t.Fatal(err)
		}
	})
}

func asksValue(ctx context.Context, v item) (item, error) {
	if ctx.Value(item{}) != nil {
		v.B++
	}
	return v, nil
}
