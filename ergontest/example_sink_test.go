package ergontest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

func ExampleSink() {
	ctx := context.Background()
	var got ergontest.Sink[int]
	got.OnDispatch = func(_ context.Context, call int, txs []ergon.Transaction[int]) error {
		if call > 1 {
			return nil
		}
		errs := make(ergon.ItemErrors, len(txs))
		errs[0] = errors.New("locked")
		return errs
	}
	fmt.Println(pipeline.From(ergontest.NewSource(1, 2)).To(&got, stage.Batch(2, 0)).Run(ctx))
	for _, b := range got.Batches() {
		fmt.Println(len(b.Transactions), b.Stored)
	}
	fmt.Println(got.IDs())
	// Output:
	// <nil>
	// 2 1
	// 1 1
	// [test:1 test:0]
}

func ExampleSink_DispatchErrors() {
	ctx := context.Background()
	var got ergontest.Sink[int]
	got.DispatchErrors(errors.New("no connection"), ergontest.StoredBut(errors.New("no answer")))
	fmt.Println(pipeline.From(ergontest.NewSource(1)).To(&got).Run(ctx))
	fmt.Println(got.Payloads(), got.Duplicates(), len(got.Batches()))
	// Output:
	// <nil>
	// [1] [test:0] 3
}

func ExampleStoredBut() {
	ctx := context.Background()
	var got ergontest.Sink[int]
	got.DispatchErrors(ergontest.StoredBut(errors.New("no answer")))
	err := got.Dispatch(ctx, []ergon.Transaction[int]{ergon.NewTransaction("order-7", 1)})
	fmt.Println(err, got.IDs())
	// Output:
	// no answer [order-7]
}

func ExampleSink_Violations() {
	ctx := context.Background()
	var got ergontest.Sink[int]
	_ = got.Stop(ctx)
	_ = got.Dispatch(ctx, []ergon.Transaction[int]{ergon.NewTransaction("order-7", 1)})
	fmt.Println(got.Violations())
	// Output:
	// ergontest: Dispatch was called after Stop
}
