package source_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

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
		var verdict *source.VerdictError
		switch {
		case err == nil:
			w.WriteHeader(http.StatusCreated)
		case errors.As(err, &verdict) && verdict.Verdict == ergon.DeadLettered:
			w.WriteHeader(http.StatusUnprocessableEntity)
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	go func() { // what a pipeline does
		txs, _ := orders.Fetch(context.Background(), 1)
		_ = orders.Settle(context.Background(), []ergon.Settlement[string]{{Transaction: txs[0], Verdict: ergon.Acked}})
	}()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/?id=order-7&text=lamp", nil))
	fmt.Println(answer.Code)
	// Output: 201
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
