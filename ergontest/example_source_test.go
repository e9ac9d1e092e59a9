package ergontest_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
)

func ExampleNewSource() {
	ctx := context.Background()
	orders := ergontest.NewSource("2 lamps", "1 chair", "3 vases")
	var got ergontest.Sink[string]
	fmt.Println(pipeline.From(orders).To(&got).Run(ctx))
	fmt.Println(got.IDs(), got.Payloads())
	fmt.Println(orders.Settled(ergon.Acked))
	// Output:
	// <nil>
	// [test:0 test:1 test:2] [2 lamps 1 chair 3 vases]
	// [test:0 test:1 test:2]
}

func ExampleSourceOf() {
	ctx := context.Background()
	orders := ergontest.SourceOf(ergon.NewTransaction("order-7", "2 lamps").WithMeta("shop", "east"))
	var got ergontest.Sink[string]
	fmt.Println(pipeline.From(orders).To(&got).Run(ctx))
	shop, _ := got.Transactions()[0].Metadata().Get[string]("shop")
	fmt.Println(got.IDs(), shop)
	// Output:
	// <nil>
	// [order-7] east
}

func ExampleSource_Add() {
	ctx := context.Background()
	var orders ergontest.Source[string]
	orders.Add("2 lamps", "1 chair")
	fmt.Println(orders.Count(ctx))
	// Output:
	// 2 <nil>
}

func ExampleSource_Put() {
	ctx := context.Background()
	var orders ergontest.Source[string]
	orders.Put(ergon.NewTransaction("order-7", "2 lamps"))
	txs, err := orders.Fetch(ctx, 10)
	fmt.Println(txs, err)
	// Output:
	// [transaction "order-7"] <nil>
}

func ExampleSource_FetchErrors() {
	ctx := context.Background()
	orders := ergontest.NewSource("2 lamps")
	orders.FetchErrors(errors.New("no connection"))
	_, err := orders.Fetch(ctx, 10)
	fmt.Println(err)
	txs, err := orders.Fetch(ctx, 10)
	fmt.Println(txs, err)
	// Output:
	// no connection
	// [transaction "test:0"] <nil>
}

func ExampleSource_SettleErrors() {
	ctx := context.Background()
	orders := ergontest.NewSource("2 lamps")
	orders.SettleErrors(errors.New("no connection"), ergontest.StoredBut(errors.New("no answer")))
	txs, _ := orders.Fetch(ctx, 10)
	for range 3 {
		fmt.Println(orders.Settle(ctx, []ergon.Settlement[string]{{Transaction: txs[0]}}))
	}
	for _, s := range orders.Settlements() {
		fmt.Println(s.Call, s.Transaction.ID(), s.Verdict, s.Again)
	}
	fmt.Println(orders.Violations())
	// Output:
	// no connection
	// no answer
	// <nil>
	// 2 test:0 acked false
	// 3 test:0 acked true
	// <nil>
}

func ExampleSource_Settled() {
	ctx := context.Background()
	orders := ergontest.NewSource("2 lamps", "0 chairs")
	var got ergontest.Sink[string]
	check := func(_ context.Context, order string) (string, error) {
		if order[0] == '0' {
			return "", ergon.Business(errors.New("nothing is ordered"))
		}
		return order, nil
	}
	fmt.Println(pipeline.From(orders).Map(check).To(&got).Run(ctx))
	fmt.Println(orders.Settled(ergon.Acked), orders.Settled(ergon.DeadLettered))
	for _, s := range orders.Settlements() {
		if s.Verdict == ergon.DeadLettered {
			fmt.Println(s.Cause)
		}
	}
	// Output:
	// <nil>
	// [test:0] [test:1]
	// nothing is ordered
}

func ExampleSource_Leased() {
	ctx := context.Background()
	orders := ergontest.NewSource("2 lamps")
	leased := orders.Leased(time.Minute).(ergon.Extender[string])
	txs, _ := orders.Fetch(ctx, 10)
	fmt.Println(leased.Lease(), leased.Extend(ctx, txs))
	fmt.Println(orders.Extends()[0].IDs)
	// Output:
	// 1m0s <nil>
	// [test:0]
}

func ExampleSource_Uncounted() {
	_, counts := ergontest.NewSource("2 lamps").Uncounted().(ergon.Counter)
	fmt.Println(counts)
	// Output:
	// false
}

func ExampleSource_Violations() {
	ctx := context.Background()
	orders := ergontest.NewSource("2 lamps")
	txs, _ := orders.Fetch(ctx, 10)
	_ = orders.Settle(ctx, []ergon.Settlement[string]{{Transaction: txs[0], Verdict: ergon.Acked}})
	_ = orders.Settle(ctx, []ergon.Settlement[string]{{Transaction: txs[0], Verdict: ergon.Returned}})
	fmt.Println(orders.Violations())
	// Output:
	// ergontest: "test:0" was settled twice: acked, then returned
}
