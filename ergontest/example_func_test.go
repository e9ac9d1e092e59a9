package ergontest_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/retry"
)

func ExampleFunc() {
	test(func(t *testing.T) {
		ergontest.Func(t, parse,
			ergontest.Call[string, int]{Name: "a number", In: "7", Want: 7},
			ergontest.Call[string, int]{Name: "below zero", In: "-7", Want: -7},
			ergontest.Call[string, int]{Name: "no number", In: "seven", Err: strconv.ErrSyntax, Verdict: ergon.DeadLettered},
		)
		fmt.Println("failed:", t.Failed())
	})
	// Output:
	// failed: false
}

func ExampleFuncTransform() {
	test(func(t *testing.T) {
		even := ergon.MetadataOf(map[string]any{"even": true})
		ergontest.FuncTransform(t, mark, []ergontest.Call[int, int]{
			{Name: "an even number", In: 8, Want: 8, WantMetadata: even},
			{Name: "zero is even", In: 0, WantMetadata: even},
		}...)
		fmt.Println("failed:", t.Failed())
	})
	// Output:
	// failed: false
}

// till asks a service what a thing costs.
type till struct {
	price func(context.Context, string) (int, error)
}

func (s till) sell(ctx context.Context, thing string) (string, error) {
	price, err := s.price(ctx, thing)
	if err != nil {
		return "", fmt.Errorf("price: %w", err)
	}
	return fmt.Sprintf("%s for %d", thing, price), nil
}

func ExampleFuncWith() {
	test(func(t *testing.T) {
		down := errors.New("no connection")
		patiently := retry.Policy{MaxAttempts: 3, Backoff: time.Second}
		build := func(f *ergontest.Fakes) func(context.Context, string) (string, error) {
			return till{f.Fake("prices", func(context.Context, string) (int, error) { return 7, nil })}.sell
		}
		ergontest.FuncWith(t, build, []ergontest.Call[string, string]{
			{Name: "a price", In: "lamp", Want: "lamp for 7"},
			{
				Name: "the service is down", In: "lamp", Retry: patiently,
				Faults: []ergontest.Fault{ergontest.At("prices").Errors(down, down)},
				Want:   "lamp for 7", Took: (1 + 2) * time.Second, Attempts: 3,
			},
			{
				Name: "the service stays down", In: "lamp", Retry: patiently,
				Faults: []ergontest.Fault{ergontest.At("prices").Always(down)},
				Err:    down, Verdict: ergon.Returned, Calls: map[string]int{"prices": 3},
			},
		}...)
		fmt.Println("failed:", t.Failed())
	})
	// Output:
	// failed: false
}
