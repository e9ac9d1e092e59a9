package source_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

func ExamplePush() {
	ctx := context.Background()
	orders := source.Push[string]()
	go func() { // what a pipeline does
		txs, _ := orders.Fetch(ctx, 1)
		_ = orders.Settle(ctx, []ergon.Settlement[string]{{
			Transaction: txs[0], Verdict: ergon.DeadLettered, Cause: errors.New("no customer"),
		}})
	}()
	err := orders.Push(ctx, ergon.NewTransaction("order-7", "2 lamps"))
	fmt.Println(err)
	var verdict *source.VerdictError
	fmt.Println(errors.As(err, &verdict) && verdict.Verdict == ergon.DeadLettered)
	// Output:
	// source: push: dead-lettered: no customer
	// true
}

func ExamplePusher_Push() {
	orders := source.Push[string]()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := orders.Push(r.Context(), ergon.NewTransaction(r.FormValue("id"), r.FormValue("text")))
		verdict, told := errors.AsType[*source.VerdictError](err)
		switch {
		case err == nil: // taken care of
			w.WriteHeader(http.StatusAccepted)
		case told && verdict.Verdict == ergon.DeadLettered:
			w.WriteHeader(http.StatusUnprocessableEntity)
		case told && verdict.Verdict == ergon.Returned:
			seconds := math.Ceil(verdict.Delay.Seconds())
			w.Header().Set("Retry-After", strconv.FormatFloat(seconds, 'f', 0, 64))
			fallthrough
		default: // Released, or not taken
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	verdicts := []ergon.Verdict{ergon.Acked, ergon.DeadLettered, ergon.Returned, ergon.Released}
	go func() { // what a pipeline does
		for _, v := range verdicts {
			txs, _ := orders.Fetch(context.Background(), 1)
			_ = orders.Settle(context.Background(), []ergon.Settlement[string]{
				{Transaction: txs[0], Verdict: v, Delay: 1500 * time.Millisecond},
			})
		}
	}()
	for _, v := range verdicts {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/?id=order-7&text=lamp", nil))
		fmt.Printf("%v: %d %q\n", v, answer.Code, answer.Header().Get("Retry-After"))
	}
	// Output:
	// acked: 202 ""
	// dead-lettered: 422 ""
	// returned: 503 "2"
	// released: 503 ""
}

func ExamplePusher_Close() {
	ctx := context.Background()
	orders := source.Push[string]()
	orders.Close()
	_, err := orders.Fetch(ctx, 1)
	fmt.Println(err)
	fmt.Println(orders.Push(ctx, ergon.NewTransaction("order-7", "2 lamps")))
	// Output:
	// EOF
	// source: push: closed
}
