package ergon_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
)

var (
	errNoArticle = errors.New("no such article")
	errRefused   = errors.New("warehouse: connection refused")
)

func ExampleBusiness() {
	err := fmt.Errorf("order 7: %w", ergon.Business(errNoArticle))
	fmt.Println(err, errors.Is(err, errNoArticle))
	fmt.Println(ergon.CategoryOf(err))
	// Output:
	// order 7: no such article true
	// business
}

func ExamplePermanent() {
	fmt.Println(ergon.SteeringOf(ergon.Permanent(errors.New("warehouse: closed for good"))))
	// Output: permanent error 0s
}

func ExampleRetryAfter() {
	fmt.Println(ergon.SteeringOf(ergon.RetryAfter(30*time.Second, errRefused)))
	// Output: retry after 30s
}

func ExampleHold() {
	fmt.Println(ergon.SteeringOf(ergon.Hold(time.Minute, errors.New("warehouse: quota used up"))))
	// Output: hold 1m0s
}

func ExampleReturn() {
	fmt.Println(ergon.SteeringOf(ergon.Return(time.Hour, errors.New("payment has not arrived"))))
	// Output: return 1h0m0s
}

func ExampleDeadLetter() {
	fmt.Println(ergon.SteeringOf(ergon.DeadLetter(errors.New("for a human to look at"))))
	// Output: dead letter 0s
}

func ExampleDrop() {
	err := ergon.Drop("a test order")
	steering, _ := ergon.SteeringOf(err)
	fmt.Println(steering, "because it is", err)
	// Output: drop because it is a test order
}

func ExampleFatal() {
	fmt.Println(ergon.SteeringOf(ergon.Fatal(errors.New("the licence has run out"))))
	// Output: fatal 0s
}

func ExampleSteeringOf() {
	err := fmt.Errorf("price: %w", errors.Join(errRefused, ergon.RetryAfter(time.Second, errRefused)))
	steering, wait := ergon.SteeringOf(err)
	fmt.Println(steering, wait)
	// Output: retry after 1s
}

func ExampleCategoryOf() {
	fmt.Println(ergon.CategoryOf(errRefused))
	fmt.Println(ergon.CategoryOf(ergon.Business(errNoArticle)))
	fmt.Println(ergon.CategoryOf(fmt.Errorf("price: %w", context.DeadlineExceeded)))
	// Output:
	// system
	// business
	// timeout
}

func ExampleItemErrorsOf() {
	stored := ergon.ItemErrors{nil, errRefused}
	for i, err := range ergon.ItemErrorsOf(stored, 2) {
		fmt.Println(i, err)
	}
	for i, err := range ergon.ItemErrorsOf(errRefused, 2) { // of all
		fmt.Println(i, err)
	}
	// Output:
	// 0 <nil>
	// 1 warehouse: connection refused
	// 0 warehouse: connection refused
	// 1 warehouse: connection refused
}

func ExampleItemErrors() {
	err := error(ergon.ItemErrors{nil, errRefused, errNoArticle})
	fmt.Println(err)
	fmt.Println(errors.Is(err, errNoArticle))
	// Output:
	// ergon: 2 of 3 failed, the first: warehouse: connection refused
	// true
}

func ExampleFailure_At() {
	type Order struct{ ID int }
	onError := func(f ergon.Failure[[]byte]) {
		if order, ok := f.At[Order](); ok {
			fmt.Println("order", order.ID, "as the stage got it:", f.Err)
		}
	}
	f := ergon.Failure[[]byte]{Stage: "price", Err: errNoArticle}
	onError(f.WithAt(Order{ID: 7}))
	// Output: order 7 as the stage got it: no such article
}

func ExampleFailure_WithAt() {
	f := ergon.Failure[string]{Transaction: ergon.NewTransaction("7", "raw"), Stage: "price", Err: errNoArticle}.WithAt(42)
	value, ok := f.At[int]()
	fmt.Println(value, ok)
	fmt.Println(f) // never a payload
	// Output:
	// 42 true
	// transaction "7" failed in "price": no such article
}

func ExampleVerdict_Worse() {
	fmt.Println(ergon.Acked.Worse(ergon.Returned).Worse(ergon.DeadLettered))
	// Output: returned
}

func ExampleVerdictSet() {
	accepts := ergon.VerdictSet(ergon.Acked, ergon.Returned)
	fmt.Println(accepts)
	fmt.Println(accepts.Has(ergon.DeadLettered))
	// Output:
	// acked, returned
	// false
}

func ExampleVerdicts_Has() {
	fmt.Println(ergon.VerdictSet(ergon.Acked).Has(ergon.Acked))
	// Output: true
}

func ExampleLedger() {
	l := ergon.Ledger{Fetched: 5, Succeeded: 3, DeadLettered: 1, InFlight: 1}
	fmt.Println(l.Balanced(), l.Settled())
	// Output: true 4
}

func ExampleConfigError() {
	err := errors.Join(
		&ergon.ConfigError{Where: `stage 3 Map("price")`, Field: "Workers", Value: "0", Why: "must be at least 1"},
		&ergon.ConfigError{Where: "To", Why: "the sink is nil"},
	)
	fmt.Println(err)
	fmt.Println(errors.Is(err, ergon.ErrConfig))
	// Output:
	// stage 3 Map("price"): Workers = 0: must be at least 1
	// To: the sink is nil
	// true
}
