package source_test

import (
	"context"
	"embed"
	"fmt"
	"testing/fstest"

	"github.com/ergon-go/ergon/source"
)

func ExampleNamed() {
	web := source.Slice([]string{"lamp"}, source.Named("web"))
	txs, _ := web.Fetch(context.Background(), 1)
	fmt.Println(txs[0].ID())
	// Output: web:0
}

//go:embed option_test.go
var embedded embed.FS

func ExampleIn() {
	code := source.Lines("option_test.go", source.In(embedded))
	txs, _ := code.Fetch(context.Background(), 1)
	fmt.Println(txs[0].Payload().Text)
	// Output: package source_test
}

func ExampleLongest() {
	files := fstest.MapFS{"log": {Data: []byte("a line that nobody expected\nok\n")}}
	txs, _ := source.Lines("log", source.In(files), source.Longest(10)).Fetch(context.Background(), 10)
	for _, tx := range txs {
		fmt.Printf("%q %v\n", tx.Payload().Text, tx.Payload().Err)
	}
	// Output:
	// "a line tha" source: longer than allowed: line 1, 10 bytes
	// "ok" <nil>
}

func ExampleComma() {
	files := fstest.MapFS{"orders.tsv": {Data: []byte("article\tquantity\nlamp, red\t2\n")}}
	txs, _ := source.CSV("orders.tsv", source.In(files), source.Comma('\t')).Fetch(context.Background(), 10)
	fmt.Printf("%q\n", txs[0].Payload().Fields)
	// Output: ["lamp, red" "2"]
}
