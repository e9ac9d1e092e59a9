package ergontest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
)

// A sink that is down for an hour holds a pipeline up, and loses nothing.
func ExampleRun() {
	test(func(t *testing.T) {
		orders := ergontest.NewSource("2 lamps")
		var invoices ergontest.Sink[string]
		result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
			up := time.Now().Add(time.Hour)
			invoices.OnDispatch = func(context.Context, int, []ergon.Transaction[string]) error {
				if time.Now().Before(up) {
					return errors.New("no connection")
				}
				return nil
			}
			return pipeline.From(orders).To(&invoices)
		})
		fmt.Println(result.Took > time.Hour, result.Ledger.Succeeded)
		fmt.Println(invoices.Payloads(), orders.Settled(ergon.Acked))
	})
	// Output:
	// true 1
	// [2 lamps] [test:0]
}

func ExampleFails() {
	test(func(t *testing.T) {
		orders := ergontest.NewSource("2 lamps")
		orders.FetchErrors(ergon.Permanent(errors.New("no such queue")))
		result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
			return pipeline.From(orders).To(&ergontest.Sink[string]{})
		}, ergontest.Fails())
		fmt.Println(result.Err)
	})
	// Output:
	// pipeline: fetch: no such queue
}

func ExampleStopAfter() {
	test(func(t *testing.T) {
		orders := ergontest.NewSource("2 lamps")
		orders.Open = true
		result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
			return pipeline.From(orders).To(&ergontest.Sink[string]{})
		}, ergontest.Streaming(), ergontest.StopAfter(8*time.Hour))
		fmt.Println(result.Err, result.Took)
	})
	// Output:
	// <nil> 8h0m0s
}

func ExampleStreaming() {
	test(func(t *testing.T) {
		orders := ergontest.NewSource("2 lamps")
		orders.Open = true
		var got ergontest.Sink[string]
		ergontest.Run(t, func(t *testing.T) pipeline.Pipeline {
			time.AfterFunc(time.Hour, func() { orders.Add("1 chair") })
			return pipeline.From(orders).To(&got)
		}, ergontest.Streaming(), ergontest.StopAfter(2*time.Hour))
		fmt.Println(got.Payloads())
	})
	// Output:
	// [2 lamps 1 chair]
}

func ExampleWithin() {
	test(func(t *testing.T) {
		orders := ergontest.NewSource("2 lamps")
		orders.Open = true
		result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
			return pipeline.From(orders).To(&ergontest.Sink[string]{})
		}, ergontest.Within(26*time.Hour), ergontest.Streaming(), ergontest.StopAfter(25*time.Hour))
		fmt.Println(result.Took)
	})
	// Output:
	// 25h0m0s
}

// Whatever happens at a stop can be tested where it happens.
func ExampleStop() {
	test(func(t *testing.T) {
		orders := ergontest.NewSource("2 lamps", "1 chair")
		orders.Open = true
		var got ergontest.Sink[string]
		got.OnDispatch = func(ctx context.Context, call int, _ []ergon.Transaction[string]) error {
			if call == 2 {
				ergontest.Stop(ctx)
			}
			return nil
		}
		result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
			return pipeline.From(orders).To(&got)
		}, ergontest.Streaming())
		fmt.Println(result.Err, got.Payloads())
	})
	// Output:
	// <nil> [2 lamps 1 chair]
}
