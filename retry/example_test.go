package retry_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
)

func ExampleDo() {
	calls := 0
	stock, err := retry.Do(context.Background(), retry.Policy{Backoff: time.Millisecond}, func(context.Context) (int, error) {
		if calls++; calls < 3 {
			return 0, errors.New("warehouse: connection refused")
		}
		return 12, nil
	})
	fmt.Println(stock, err, "after", calls, "calls")
	// Output: 12 <nil> after 3 calls
}

func ExampleDo_business() {
	calls := 0
	_, err := retry.Do(context.Background(), retry.Policy{MaxAttempts: 9}, func(context.Context) (int, error) {
		calls++
		return 0, ergon.Business(errors.New("warehouse: no such article"))
	})
	fmt.Println(err, "after", calls, "call")
	// Output: warehouse: no such article after 1 call
}

func ExampleWrap() {
	lookUp := func(_ context.Context, article string) (string, error) {
		return "shelf of " + article, nil
	}
	patiently := retry.Policy{MaxAttempts: 5, AttemptTimeout: 2 * time.Second, Within: time.Minute}
	find := retry.Wrap(patiently, lookUp)
	fmt.Println(find(context.Background(), "lamp"))
	// Output: shelf of lamp <nil>
}

func ExampleExhaustedError() {
	_, err := retry.Do(context.Background(), retry.Policy{MaxAttempts: 2, Backoff: time.Millisecond}, func(context.Context) (int, error) {
		return 0, errors.New("warehouse: connection refused")
	})
	if exhausted, ok := errors.AsType[*retry.ExhaustedError](err); ok {
		fmt.Println(exhausted.Made, "attempts")
	}
	fmt.Println(err)
	// Output:
	// 2 attempts
	// retry: 2 attempts failed, the last: warehouse: connection refused
}

func ExampleExhaustedError_Unwrap() {
	refused := errors.New("warehouse: connection refused")
	_, err := retry.Do(context.Background(), retry.Policy{MaxAttempts: 1}, func(context.Context) (int, error) { return 0, refused })
	fmt.Println(errors.Is(err, refused))
	// Output: true
}

func ExamplePolicy_Delay() {
	p := retry.Policy{Backoff: time.Second, BackoffMultiplier: 2, BackoffCap: 10 * time.Second, Jitter: retry.NoJitter}
	for n := range 6 {
		fmt.Print(p.Delay(n), " ")
	}
	// Output: 1s 2s 4s 8s 10s 10s
}

func ExamplePolicy_Attempts() {
	fmt.Println(retry.Policy{}.Attempts(), retry.Policy{MaxAttempts: 8}.Attempts())
	// Output: 3 8
}

func ExamplePolicy_Or() {
	fromFile := retry.Policy{MaxAttempts: 10}
	inCode := retry.Policy{MaxAttempts: 5, Backoff: time.Second}
	p := fromFile.Or(inCode)
	fmt.Println(p.MaxAttempts, p.Backoff)
	// Output: 10 1s
}

func ExamplePolicy_Validate() {
	fmt.Println(retry.Policy{MaxAttempts: -5, Within: -time.Second}.Validate())
	// Output:
	// retry.Policy: MaxAttempts = -5: must be at least 1, or Unlimited
	// retry.Policy: Within = -1s: must not be negative
}

func ExampleJitter_String() {
	fmt.Println(retry.FullJitter, retry.EqualJitter, retry.NoJitter)
	// Output: full equal none
}

// A wait that is drawn from numbers of a test's own is the same each time.
func ExampleJitter_Spread() {
	half := func(n uint64) uint64 { return n / 2 }
	fmt.Println(retry.FullJitter.Spread(4*time.Second, half))
	fmt.Println(retry.EqualJitter.Spread(4*time.Second, half))
	fmt.Println(retry.NoJitter.Spread(4*time.Second, half))
	// Output:
	// 2s
	// 3s
	// 4s
}
