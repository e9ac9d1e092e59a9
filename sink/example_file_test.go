package sink_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/sink"
)

// order is what the examples store.
type order struct {
	Number string    `csv:"number" json:"number"`
	Pence  int       `csv:"pence" json:"pence"`
	Day    time.Time `csv:"day" json:"-" layout:"2006-01-02"`
}

// orders returns two of them.
func orders() []ergon.Transaction[order] {
	day := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	return []ergon.Transaction[order]{
		ergon.NewTransaction("1", order{"A-17", 250, day}),
		ergon.NewTransaction("2", order{"B, or C", 99, day}),
	}
}

// temporary returns a path in a new directory, and what removes that.
func temporary(name string) (path string, remove func()) {
	dir, err := os.MkdirTemp("", "sink")
	if err != nil {
		panic(err)
	}
	return filepath.Join(dir, name), func() { _ = os.RemoveAll(dir) }
}

// store does with a sink what a run does.
func store[T any](s *sink.File[T], txs []ergon.Transaction[T]) error {
	ctx := context.Background()
	if err := s.Start(ctx); err != nil {
		return err
	}
	return errors.Join(s.Dispatch(ctx, txs), s.Stop(ctx))
}

// show prints a file.
func show(path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		fmt.Println("no file")
	}
	fmt.Print(string(text))
}

func ExampleLines() {
	path, remove := temporary("names.txt")
	defer remove()
	names := []ergon.Transaction[string]{ergon.NewTransaction("1", "Ada"), ergon.NewTransaction("2", "Grace")}
	if err := store(sink.Lines(path), names); err != nil {
		fmt.Println(err)
	}
	show(path)
	// Output:
	// Ada
	// Grace
}

func ExampleJSONLines() {
	path, remove := temporary("orders.jsonl")
	defer remove()
	if err := store(sink.JSONLines[order](path), orders()); err != nil {
		fmt.Println(err)
	}
	show(path)
	// Output:
	// {"number":"A-17","pence":250}
	// {"number":"B, or C","pence":99}
}

func ExampleCSV() {
	path, remove := temporary("orders.csv")
	defer remove()
	for range 2 { // the second run adds to the file of the first
		if err := store(sink.CSV[order](path), orders()); err != nil {
			fmt.Println(err)
		}
	}
	show(path)
	// Output:
	// number,pence,day
	// A-17,250,2026-05-01
	// "B, or C",99,2026-05-01
	// A-17,250,2026-05-01
	// "B, or C",99,2026-05-01
}

func ExampleComma() {
	path, remove := temporary("orders.csv")
	defer remove()
	if err := store(sink.CSV[order](path, sink.Comma(';')), orders()); err != nil {
		fmt.Println(err)
	}
	show(path)
	// Output:
	// number;pence;day
	// A-17;250;2026-05-01
	// B, or C;99;2026-05-01
}

func ExampleHeader() {
	path, remove := temporary("prices.csv")
	defer remove()
	rows := []ergon.Transaction[[]string]{ergon.NewTransaction("1", []string{"tea", "250"})}
	if err := store(sink.CSV[[]string](path, sink.Header("what", "pence")), rows); err != nil {
		fmt.Println(err)
	}
	show(path)
	// Output:
	// what,pence
	// tea,250
}

func ExampleWhole() {
	path, remove := temporary("orders.csv")
	defer remove()
	ctx := context.Background()
	s := sink.Whole(sink.CSV[order](path))
	_ = s.Start(ctx)
	_ = s.Dispatch(ctx, orders())
	show(path)
	_ = s.Stop(ctx)
	show(path)
	// Output:
	// no file
	// number,pence,day
	// A-17,250,2026-05-01
	// "B, or C",99,2026-05-01
}

func ExampleFile_Abandon() {
	path, remove := temporary("orders.csv")
	defer remove()
	ctx := context.Background()
	s := sink.Whole(sink.CSV[order](path))
	_ = s.Start(ctx)
	_ = s.Dispatch(ctx, orders())
	s.Abandon() // something else went wrong: half of the orders are worse than none
	fmt.Println(s.Stop(ctx))
	show(path)
	// Output:
	// <nil>
	// no file
}

func ExampleFile_Validate() {
	s := sink.CSV[func()]("", sink.Comma('x'))
	fmt.Println(s.Validate())
	// Output:
	// sink.CSV: Comma = 'x': cannot separate fields
	// sink.CSV: T: must be a struct, []string or ergon.Record, and is func()
	// sink.CSV: path: is empty
}

func ExampleFile_Health() {
	s := sink.Lines(filepath.Join("no", "such", "directory", "names.txt"))
	fmt.Println(errors.Is(s.Health(context.Background()), os.ErrNotExist))
	// Output: true
}
