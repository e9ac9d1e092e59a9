package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/connector/sqlite"
)

type order struct {
	Number string
	Pence  int
}

// open is a database in a directory of its own; done closes and removes it.
func open() (db *sqlite.DB, done func()) {
	dir, err := os.MkdirTemp("", "sqlite")
	if err != nil {
		panic(err)
	}
	db, err = sqlite.Open(context.Background(), filepath.Join(dir, "shop.db"))
	if err != nil {
		panic(err)
	}
	return db, func() {
		_ = db.Close()
		_ = os.RemoveAll(dir)
	}
}

func Example() {
	ctx := context.Background()
	db, done := open()
	defer done()
	orders := sqlite.Queue(db, "orders", sqlite.JSON[order]())
	err := orders.Dispatch(ctx, []ergon.Transaction[order]{
		ergon.NewTransaction("file:1", order{"A1", 255}),
		ergon.NewTransaction("file:2", order{"A2", 100}),
		ergon.NewTransaction("file:1", order{"A1", 255}), // known already
	})
	fmt.Println("stored:", err == nil)

	txs, _ := orders.Fetch(ctx, 10)
	for _, tx := range txs {
		fmt.Println(tx.ID(), tx.Payload().Number, tx.Deliveries())
	}
	_ = orders.Settle(ctx, []ergon.Settlement[order]{
		{Transaction: txs[0], Verdict: ergon.Acked},
		{Transaction: txs[1], Verdict: ergon.DeadLettered, Cause: errors.New("no customer")},
	})
	stats, _ := orders.Stats(ctx)
	fmt.Printf("%+v\n", stats)
	// Output:
	// stored: true
	// file:1 A1 1
	// file:2 A2 1
	// {Ready:0 Delayed:0 Leased:0 Dead:1 Undecodable:0}
}

func ExampleOpen() {
	db, err := sqlite.Open(context.Background(), os.TempDir(), sqlite.Readers(2))
	fmt.Println(db == nil, err != nil)
	_, err = sqlite.Open(context.Background(), "", sqlite.Readers(0))
	fmt.Println(err)
	// Output:
	// true true
	// sqlite.Open: path: is empty
	// sqlite.Open: Readers = 0: must be at least 1
}

func ExampleDB_Exec() {
	ctx := context.Background()
	db, done := open()
	defer done()
	_, _ = db.Exec(ctx, "CREATE TABLE customers (number INTEGER PRIMARY KEY, name TEXT)")
	changed, err := db.Exec(ctx, "INSERT INTO customers VALUES (?, ?), (?, ?)", 1, "Ada", 2, "Grace")
	fmt.Println(changed, err)
	var name string
	_ = db.Reader().QueryRow("SELECT name FROM customers WHERE number = 2").Scan(&name)
	fmt.Println(name)
	// Output:
	// 2 <nil>
	// Grace
}

func ExampleDB_Health() {
	db, done := open()
	defer done()
	fmt.Println(db.Health(context.Background()))
	// Output: <nil>
}

func ExampleDB_Close() {
	db, done := open()
	defer done()
	fmt.Println(db.Close(), db.Close())
	fmt.Println(db.Health(context.Background()))
	// Output:
	// <nil> <nil>
	// sqlite: database is closed
}

func ExampleQueue() {
	db, done := open()
	defer done()
	orders := sqlite.Queue(db, "orders", sqlite.String(), sqlite.Lease(30*time.Second), sqlite.Retention(24*time.Hour))
	fmt.Println(orders.Lease(), orders.Accepts())
	fmt.Println(sqlite.Queue(db, `x"; DROP TABLE orders; --`, sqlite.String()).Validate() != nil)
	// Output:
	// 30s acked, dead-lettered, released, returned
	// true
}

func ExampleQueueConnector_Settle() {
	ctx := context.Background()
	db, done := open()
	defer done()
	jobs := sqlite.Queue(db, "jobs", sqlite.Bytes())
	_ = jobs.Dispatch(ctx, []ergon.Transaction[[]byte]{ergon.NewTransaction("job:1", []byte("x"))})
	for _, verdict := range []ergon.Verdict{ergon.Released, ergon.Returned, ergon.Acked} {
		txs, _ := jobs.Fetch(ctx, 1)
		fmt.Println("delivery", txs[0].Deliveries(), "is", verdict)
		_ = jobs.Settle(ctx, []ergon.Settlement[[]byte]{{Transaction: txs[0], Verdict: verdict}})
	}
	n, _ := jobs.Count(ctx)
	fmt.Println("left:", n)
	// Output:
	// delivery 1 is released
	// delivery 1 is returned
	// delivery 2 is acked
	// left: 0
}

func ExampleQueueConnector_Extend() {
	ctx := context.Background()
	db, done := open()
	defer done()
	jobs := sqlite.Queue(db, "jobs", sqlite.String())
	_ = jobs.Dispatch(ctx, []ergon.Transaction[string]{ergon.NewTransaction("job:1", "x")})
	txs, _ := jobs.Fetch(ctx, 1)
	fmt.Println(jobs.Extend(ctx, txs))
	_ = jobs.Settle(ctx, []ergon.Settlement[string]{{Transaction: txs[0], Verdict: ergon.Acked}})
	fmt.Println(errors.Is(jobs.Extend(ctx, txs), ergon.ErrLeaseLost))
	// Output:
	// <nil>
	// true
}

func ExampleQueueConnector_Find() {
	ctx := context.Background()
	db, done := open()
	defer done()
	jobs := sqlite.Queue(db, "jobs", sqlite.String())
	_ = jobs.Dispatch(ctx, []ergon.Transaction[string]{ergon.NewTransaction("job:1", "sweep")})
	tx, err := jobs.Find(ctx, "job:1")
	fmt.Println(tx.Payload(), err)
	_, err = jobs.Find(ctx, "job:2")
	fmt.Println(err)
	// Output:
	// sweep <nil>
	// ergon: not found
}

func ExampleQueueConnector_DeadLetters() {
	ctx := context.Background()
	db, done := open()
	defer done()
	raw := sqlite.Queue(db, "orders", sqlite.String())
	_ = raw.Dispatch(ctx, []ergon.Transaction[string]{ergon.NewTransaction("file:1", "{")})
	orders := sqlite.Queue(db, "orders", sqlite.JSON[order]())
	txs, err := orders.Fetch(ctx, 10)
	fmt.Println(len(txs), err)
	for dead, err := range orders.DeadLetters(ctx) {
		fmt.Println(dead.Transaction.ID(), dead.Undecodable, err)
	}
	n, err := orders.Requeue(ctx, "file:1")
	fmt.Println(n, err)
	// Output:
	// 0 <nil>
	// file:1 true <nil>
	// 1 <nil>
}

func ExampleTable() {
	type line struct {
		Invoice string `db:"invoice"`
		Pence   int    `db:"pence"`
	}
	ctx := context.Background()
	db, done := open()
	defer done()
	invoices := sqlite.Table(db, "invoices", sqlite.Fields[line](), sqlite.Create(), sqlite.Key("source_line"))
	err := invoices.Dispatch(ctx, []ergon.Transaction[line]{
		ergon.NewTransaction("file:1", line{"A1", 255}),
		ergon.NewTransaction("file:2", line{"A1", 100}),
		ergon.NewTransaction("file:2", line{"A1", 100}), // comes again, is stored once
	})
	fmt.Println(err)
	var number string
	var lines, pence int
	_ = db.Reader().QueryRow("SELECT invoice, count(*), sum(pence) FROM invoices GROUP BY invoice").Scan(&number, &lines, &pence)
	fmt.Println(number, lines, pence)
	// Output:
	// <nil>
	// A1 2 355
}

func ExampleColumns() {
	ctx := context.Background()
	db, done := open()
	defer done()
	_, _ = db.Exec(ctx, "CREATE TABLE prices (id TEXT PRIMARY KEY, code TEXT, pence INTEGER CHECK (pence > 0))")
	prices := sqlite.Table(db, "prices", sqlite.Columns(func(o order) []any { return []any{o.Number, o.Pence} }, "code", "pence"))
	err := prices.Dispatch(ctx, []ergon.Transaction[order]{
		ergon.NewTransaction("file:1", order{"A1", 255}),
		ergon.NewTransaction("file:2", order{"A2", 0}),
	})
	for i, err := range ergon.ItemErrorsOf(err, 2) {
		steering, _ := ergon.SteeringOf(err)
		fmt.Println(i, err == nil, steering)
	}
	// Output:
	// 0 true retry
	// 1 false business error
}

func ExampleTableSink_Start() {
	ctx := context.Background()
	db, done := open()
	defer done()
	prices := sqlite.Table(db, "prices", sqlite.Columns(func(o order) []any { return []any{o.Pence} }, "pence"))
	fmt.Println(prices.Validate())
	fmt.Println(errors.Is(prices.Start(ctx), ergon.ErrConfig)) // there is no such table
	fmt.Println(errors.Is(prices.Health(ctx), ergon.ErrConfig))
	// Output:
	// <nil>
	// true
	// true
}
