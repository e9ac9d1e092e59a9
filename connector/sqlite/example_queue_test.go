package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/connector/sqlite"
)

func ExampleQueueConnector_Dispatch() {
	ctx := context.Background()
	db, done := open()
	defer done()
	orders := sqlite.Queue(db, "orders", sqlite.String())
	err := orders.Dispatch(ctx, []ergon.Transaction[string]{
		ergon.NewTransaction("file:1", "a"),
		ergon.NewTransaction("", "b"),
	})
	fmt.Println(ergon.ItemErrorsOf(err, 2)[1])
	n, _ := orders.Count(ctx)
	fmt.Println(n)
	// Output:
	// sqlite: the transaction has no id
	// 1
}

func ExampleQueueConnector_Fetch() {
	ctx := context.Background()
	db, done := open()
	defer done()
	orders := sqlite.Queue(db, "orders", sqlite.String())
	_ = orders.Dispatch(ctx, []ergon.Transaction[string]{
		ergon.NewTransaction("file:2", "b").WithMeta("row", 2),
		ergon.NewTransaction("file:1", "a").WithMeta("row", 1),
	})
	for range 3 {
		txs, err := orders.Fetch(ctx, 1)
		fmt.Println(len(txs), err)
		for _, tx := range txs {
			row, _ := tx.Metadata().Get[int]("row")
			fmt.Println(tx.ID(), tx.Payload(), row)
		}
	}
	// Output:
	// 1 <nil>
	// file:2 b 2
	// 1 <nil>
	// file:1 a 1
	// 0 <nil>
}

func ExampleQueueConnector_Stats() {
	ctx := context.Background()
	db, done := open()
	defer done()
	orders := sqlite.Queue(db, "orders", sqlite.String())
	for i := range 4 {
		_ = orders.Dispatch(ctx, []ergon.Transaction[string]{ergon.Numbered("file", int64(i), "x")})
	}
	txs, _ := orders.Fetch(ctx, 3)
	_ = orders.Settle(ctx, []ergon.Settlement[string]{
		{Transaction: txs[0], Verdict: ergon.Returned, Delay: time.Hour},
		{Transaction: txs[1], Verdict: ergon.DeadLettered, Cause: errors.New("no customer")},
	})
	stats, err := orders.Stats(ctx)
	fmt.Printf("%+v %v\n", stats, err)
	// Output: {Ready:1 Delayed:1 Leased:1 Dead:1 Undecodable:0} <nil>
}

func ExampleQueueConnector_Requeue() {
	ctx := context.Background()
	db, done := open()
	defer done()
	orders := sqlite.Queue(db, "orders", sqlite.String())
	_ = orders.Dispatch(ctx, []ergon.Transaction[string]{ergon.NewTransaction("file:1", "a")})
	txs, _ := orders.Fetch(ctx, 1)
	_ = orders.Settle(ctx, []ergon.Settlement[string]{
		{Transaction: txs[0], Verdict: ergon.DeadLettered, Cause: errors.New("no customer")},
	})
	var ids []string
	for dead := range orders.DeadLetters(ctx) {
		fmt.Println(dead.Transaction.ID(), dead.Cause)
		ids = append(ids, dead.Transaction.ID())
	}
	fmt.Println(orders.Requeue(ctx, ids...))
	// Output:
	// file:1 no customer
	// 1 <nil>
}

func ExampleQueueConnector_Validate() {
	orders := sqlite.Queue[string](nil, "all orders", nil, sqlite.Lease(-time.Second))
	fmt.Println(orders.Validate())
	// Output:
	// sqlite.Queue("all orders"): db: is nil
	// sqlite.Queue("all orders"): name = "all orders": must be a letter or _, then at most 62 letters, digits or _
	// sqlite.Queue("all orders"): codec: is nil
	// sqlite.Queue("all orders"): Lease = -1s: must be above 0
}

func ExampleJSON() {
	codec := sqlite.JSON[order]()
	stored, _ := codec.Encode(order{"A1", 255})
	fmt.Println(string(stored))
	back, err := codec.Decode(stored)
	fmt.Println(back.Pence, err)
	_, err = codec.Decode([]byte(`{"Pence":"secret"}`))
	fmt.Println(err)
	// Output:
	// {"Number":"A1","Pence":255}
	// 255 <nil>
	// the JSON is not sqlite_test.order: int, byte 9
}
