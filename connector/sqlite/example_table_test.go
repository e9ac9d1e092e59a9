package sqlite_test

import (
	"context"
	"fmt"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/connector/sqlite"
)

func ExampleTableSink_Dispatch() {
	ctx := context.Background()
	db, done := open()
	defer done()
	codes := sqlite.Table(db, "codes", sqlite.Columns(func(s string) []any { return []any{s} }, "code"), sqlite.Create())
	for range 2 { // as after a crash
		fmt.Println(codes.Dispatch(ctx, []ergon.Transaction[string]{ergon.NewTransaction("file:1", "a")}))
	}
	var n int
	_ = db.Reader().QueryRow("SELECT count(*) FROM codes").Scan(&n)
	fmt.Println(n)
	// Output:
	// <nil>
	// <nil>
	// 1
}

func ExampleFields() {
	type place struct {
		City string `db:"city"`
	}
	type customer struct {
		place        // its columns count as well
		Name  string `db:"name"`
		Notes string // has no column
	}
	ctx := context.Background()
	db, done := open()
	defer done()
	customers := sqlite.Table(db, "customers", sqlite.Fields[customer](), sqlite.Create())
	err := customers.Dispatch(ctx, []ergon.Transaction[customer]{
		ergon.NewTransaction("c:1", customer{place{"London"}, "Ada", "-"}),
	})
	fmt.Println(err)
	var id, name, city string
	_ = db.Reader().QueryRow("SELECT id, name, city FROM customers").Scan(&id, &name, &city)
	fmt.Println(id, name, city)
	// Output:
	// <nil>
	// c:1 Ada London
}

func ExampleTableSink_Validate() {
	db, done := open()
	defer done()
	fmt.Println(sqlite.Table(db, "sqlite_x", sqlite.Fields[order]()).Validate())
	// Output:
	// sqlite.Table("sqlite_x"): name = "sqlite_x": the prefix is reserved
	// sqlite.Table("sqlite_x"): columns: there are none
}

func ExampleDB_Reader() {
	db, done := open()
	defer done()
	var n int
	err := db.Reader().QueryRow("SELECT count(*) FROM ergon_dead").Scan(&n)
	fmt.Println(n, err)
	_, err = db.Reader().Exec("DELETE FROM ergon_dead")
	fmt.Println(err != nil) // it can only read
	// Output:
	// 0 <nil>
	// true
}
