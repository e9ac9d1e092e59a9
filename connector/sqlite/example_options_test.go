package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/connector/sqlite"
)

func ExampleReaders() {
	dir, _ := os.MkdirTemp("", "")
	defer func() { _ = os.RemoveAll(dir) }()
	db, err := sqlite.Open(context.Background(), filepath.Join(dir, "shop.db"), sqlite.Readers(2))
	fmt.Println(err)
	fmt.Println(db.Reader().Stats().MaxOpenConnections)
	fmt.Println(db.Close())
	// Output:
	// <nil>
	// 2
	// <nil>
}

func ExampleLease() {
	db, done := open()
	defer done()
	orders := sqlite.Queue(db, "orders", sqlite.String(), sqlite.Lease(10*time.Second))
	fmt.Println(orders.Lease())
	// Output:
	// 10s
}

func ExampleRetention() {
	ctx := context.Background()
	db, done := open()
	defer done()
	orders := sqlite.Queue(db, "orders", sqlite.String(), sqlite.Retention(24*time.Hour))
	order := []ergon.Transaction[string]{ergon.NewTransaction("file:1", "a")}
	_ = orders.Dispatch(ctx, order)
	txs, _ := orders.Fetch(ctx, 1)
	_ = orders.Settle(ctx, []ergon.Settlement[string]{{Transaction: txs[0], Verdict: ergon.Acked}})
	_ = orders.Dispatch(ctx, order) // known for a day, so it is not queued again
	n, err := orders.Count(ctx)
	fmt.Println(n, err)
	// Output:
	// 0 <nil>
}

func ExampleBytes() {
	ctx := context.Background()
	db, done := open()
	defer done()
	files := sqlite.Queue(db, "files", sqlite.Bytes())
	_ = files.Dispatch(ctx, []ergon.Transaction[[]byte]{ergon.NewTransaction("logo", []byte{0x89, 'P', 'N', 'G'})})
	txs, err := files.Fetch(ctx, 1)
	fmt.Printf("%q %v\n", txs[0].Payload(), err)
	// Output:
	// "\x89PNG" <nil>
}

func ExampleString() {
	ctx := context.Background()
	db, done := open()
	defer done()
	lines := sqlite.Queue(db, "lines", sqlite.String())
	_ = lines.Dispatch(ctx, []ergon.Transaction[string]{ergon.NewTransaction("file:1", "2 lamps")})
	txs, err := lines.Fetch(ctx, 1)
	fmt.Println(txs[0].Payload(), err)
	// Output:
	// 2 lamps <nil>
}

// A table made elsewhere names its column for the id itself.
func ExampleKey() {
	ctx := context.Background()
	db, done := open()
	defer done()
	_, _ = db.Exec(ctx, `CREATE TABLE invoices (tx TEXT PRIMARY KEY, pence INTEGER)`)
	invoices := sqlite.Table(db, "invoices", sqlite.Columns(func(pence int) []any { return []any{pence} }, "pence"), sqlite.Key("tx"))
	_ = invoices.Dispatch(ctx, []ergon.Transaction[int]{ergon.NewTransaction("file:1", 250)})
	var id string
	err := db.Reader().QueryRow(`SELECT tx FROM invoices`).Scan(&id)
	fmt.Println(id, err)
	// Output:
	// file:1 <nil>
}

func ExampleCreate() {
	ctx := context.Background()
	db, done := open()
	defer done()
	invoices := sqlite.Table(db, "invoices", sqlite.Columns(func(pence int) []any { return []any{pence} }, "pence"), sqlite.Create())
	_ = invoices.Dispatch(ctx, []ergon.Transaction[int]{ergon.NewTransaction("file:1", 250), ergon.NewTransaction("file:2", 100)})
	var sum int
	err := db.Reader().QueryRow(`SELECT sum(pence) FROM invoices`).Scan(&sum)
	fmt.Println(sum, err)
	// Output:
	// 350 <nil>
}
