package ergon_test

import (
	"fmt"

	"github.com/ergon-go/ergon"
)

func ExampleNewTransaction() {
	tx := ergon.NewTransaction("order-7", []byte(`{"quantity":2}`))
	fmt.Println(tx.ID(), len(tx.Payload()))
	fmt.Println(tx) // never the payload
	// Output:
	// order-7 14
	// transaction "order-7"
}

func ExampleNumbered() {
	fmt.Println(ergon.Numbered("orders.csv", 12, "a line").ID())
	// Output: orders.csv:12
}

func ExampleTransaction_With() {
	text := ergon.NewTransaction("order-7", "2")
	number := text.With(2) // of another type
	fmt.Println(number.ID(), number.Payload()+1)
	// Output: order-7 3
}

func ExampleTransaction_WithMeta() {
	tx := ergon.NewTransaction("order-7", 2)
	fast := tx.WithMeta("priority", "high")
	fmt.Println(fast.Metadata().Len(), tx.Metadata().Len())
	// Output: 1 0
}

func ExampleTransaction_WithMetadata() {
	from := ergon.NewTransaction("order-7", 2).WithMeta("shop", "Paris")
	to := ergon.NewTransaction("invoice-7", 3).WithMetadata(from.Metadata())
	shop, _ := to.Metadata().Get[string]("shop")
	fmt.Println(shop)
	// Output: Paris
}

func ExampleTransaction_WithReceipt() {
	fetched := ergon.NewTransaction("order-7", "2").WithReceipt(4711)
	fmt.Println(fetched.Receipt(), fetched.With(2).Receipt())
	// Output: 4711 <nil>
}

func ExampleTransaction_WithDeliveries() {
	again := ergon.NewTransaction("order-7", 2).WithDeliveries(3)
	fmt.Println(again.Deliveries())
	// Output: 3
}

func ExampleTransaction_WithID() {
	tx := ergon.NewTransaction("7", 2)
	fmt.Println(tx.WithID("orders/" + tx.ID()).ID())
	// Output: orders/7
}

func ExampleTransaction_Child() {
	order := ergon.NewTransaction("order-7", []string{"lamp", "desk"})
	for i, article := range order.Payload() {
		line := order.Child(i, article)
		fmt.Println(line.ID(), line.Payload())
	}
	// Output:
	// order-7/0 lamp
	// order-7/1 desk
}

func ExampleTransaction_MarshalText() {
	text, err := ergon.NewTransaction("order-7", "secret").MarshalText()
	fmt.Println(string(text), err)
	// Output: order-7 <nil>
}

func ExampleMetadataOf() {
	m := ergon.MetadataOf(map[string]any{"line": 12, "file": "orders.csv"})
	fmt.Println(m)
	// Output: 2 metadata values
}

func ExampleMetadata_With() {
	m := ergon.Metadata{}.With("line", 12)
	again := m.With("line", 13)
	before, _ := m.Get[int]("line")
	after, _ := again.Get[int]("line")
	fmt.Println(before, after)
	// Output: 12 13
}

func ExampleMetadata_Get() {
	m := ergon.Metadata{}.With("line", 12)
	line, ok := m.Get[int]("line")
	fmt.Println(line, ok)
	_, ok = m.Get[string]("line") // not of that type
	fmt.Println(ok)
	// Output:
	// 12 true
	// false
}

func ExampleMetadata_All() {
	m := ergon.MetadataOf(map[string]any{"line": 12, "file": "orders.csv"})
	for key, value := range m.All() {
		fmt.Println(key, "=", value)
	}
	// Output:
	// file = orders.csv
	// line = 12
}

func ExampleRecord_Get() {
	r := ergon.Record{Header: []string{"id", "article"}, Fields: []string{"7", "lamp"}, Line: 2}
	fmt.Println(r.Get("article"))
	fmt.Println(r.Get("price"))
	// Output:
	// lamp true
	//  false
}
