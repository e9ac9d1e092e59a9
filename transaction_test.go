package ergon_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestTransactionIDs(t *testing.T) {
	plain := ergon.NewTransaction("orders-7", "x")
	for _, test := range []struct {
		name string
		tx   ergon.Transaction[string]
		want string
	}{
		{"zero", ergon.Transaction[string]{}, ""},
		{"none", ergon.NewTransaction("", "x"), ""},
		{"given", plain, "orders-7"},
		{"numbered", ergon.Numbered("orders.csv", 12, "x"), "orders.csv:12"},
		{"numbered, least", ergon.Numbered("", math.MinInt64, "x"), ":-9223372036854775808"},
		{"a child", plain.Child(3, "x"), "orders-7/3"},
		{"a child of a numbered one", ergon.Numbered("orders.csv", 12, "x").Child(0, "y"), "orders.csv:12/0"},
		{"a grandchild", plain.Child(3, "x").Child(4, "y"), "orders-7/3/4"},
		{"another", plain.Child(3, "x").WithID("mine"), "mine"},
		{"kept by With", ergon.Numbered("orders.csv", 12, 1).With("x"), "orders.csv:12"},
		{"byte for byte", ergon.NewTransaction("a\x00\xff", "x"), "a\x00\xff"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(test.tx.ID(), test.want)
			is.Equal(test.tx.ID(), test.want) // read again, the same
		})
	}
}

func TestTransactionIDsCostNothingUntilRead(t *testing.T) {
	plain, numbered := ergon.NewTransaction("orders", 1), ergon.Numbered("orders", 1, 1)
	for _, test := range []struct {
		name string
		make func() ergon.Transaction[int]
	}{
		{"NewTransaction", func() ergon.Transaction[int] { return ergon.NewTransaction("orders", 2) }},
		{"Numbered", func() ergon.Transaction[int] { return ergon.Numbered("orders", math.MaxInt64, 2) }},
		{"With", func() ergon.Transaction[int] { return numbered.With(2) }},
		{"Child", func() ergon.Transaction[int] { return plain.Child(7, 2) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			var made ergon.Transaction[int]
			is.New(t).Equal(testing.AllocsPerRun(100, func() { made = test.make() }), 0.0)
			_ = made
		})
	}
}

func TestTransactionIsImmutable(t *testing.T) {
	original := ergon.NewTransaction("id", "payload").WithMeta("k", "old").WithReceipt("r").WithDeliveries(2)
	for _, test := range []struct {
		name   string
		change func() ergon.Transaction[string]
	}{
		{"With", func() ergon.Transaction[string] { return original.With("new") }},
		{"WithMeta, a key it has", func() ergon.Transaction[string] { return original.WithMeta("k", "new") }},
		{"WithMeta, a key before", func() ergon.Transaction[string] { return original.WithMeta("a", 1) }},
		{"WithMeta, a key after", func() ergon.Transaction[string] { return original.WithMeta("z", 1) }},
		{"WithMetadata", func() ergon.Transaction[string] { return original.WithMetadata(ergon.Metadata{}) }},
		{"WithReceipt", func() ergon.Transaction[string] { return original.WithReceipt(nil) }},
		{"WithDeliveries", func() ergon.Transaction[string] { return original.WithDeliveries(9) }},
		{"WithID", func() ergon.Transaction[string] { return original.WithID("new") }},
		{"Child", func() ergon.Transaction[string] { return original.Child(1, "new") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			changed := test.change()
			is.True(describe(changed) != describe(original)) // it does change something, elsewhere
			is.Equal(describe(original), `id payload old r 2 1`)
		})
	}
}

func describe(t ergon.Transaction[string]) string {
	k, _ := t.Metadata().Get[string]("k")
	return fmt.Sprint(t.ID(), " ", t.Payload(), " ", k, " ", t.Receipt(), " ", t.Deliveries(), " ", t.Metadata().Len())
}

func TestTransactionsThatShareMetadataDoNotChangeEachOther(t *testing.T) {
	is := is.New(t)
	shared := ergon.NewTransaction("id", 1).WithMeta("b", "shared")
	one, other := shared.WithMeta("c", "one"), shared.WithMeta("c", "other")
	first, _ := one.Metadata().Get[string]("c")
	second, _ := other.Metadata().Get[string]("c")
	is.Equal(first+" "+second, "one other")
	is.Equal(shared.Metadata().Len(), 1)
}

func TestTransactionReceiptStaysWithWhatWasFetched(t *testing.T) {
	is := is.New(t)
	fetched := ergon.NewTransaction("id", []byte("x")).WithReceipt(42).WithDeliveries(3).WithMeta("k", "v")
	is.Equal(fetched.WithMeta("z", 1).Receipt(), 42)
	is.Equal(fetched.With(1).Receipt(), nil)
	is.Equal(fetched.Child(0, 1).Receipt(), nil)
	is.Equal(fetched.With(1).Deliveries(), 3)
	is.Equal(fetched.Child(0, 1).Deliveries(), 3)
	is.Equal(fetched.Child(0, 1).Metadata().Len(), 1)
}

func TestTransactionDeliveries(t *testing.T) {
	is := is.New(t)
	tx := ergon.NewTransaction("id", 1)
	is.Equal(tx.Deliveries(), 0)
	is.Equal(tx.WithDeliveries(4).Deliveries(), 4)
	is.Equal(tx.WithDeliveries(-4).Deliveries(), 0)
}

func TestTransactionPrintsAHostileIDHarmlessly(t *testing.T) {
	for _, test := range []struct {
		name, id, want string
	}{
		{"line breaks", "a\nlevel=ERROR", `transaction "a\nlevel=ERROR"`},
		{"control characters", "a\x00\x1b[31m\u0085", `transaction "a\x00\x1b[31m\u0085"`},
		{"turned text", "a\u202eb", `transaction "a\u202eb"`},
		{"invalid UTF-8", "a\xff", `transaction "a\xff"`},
		{"very long", strings.Repeat("x", 10<<20), `transaction "` + strings.Repeat("x", 256) + `…"`},
		{"cut between characters", strings.Repeat("é", 128) + "é", `transaction "` + strings.Repeat("é", 128) + `…"`},
		{"cut inside a character", "x" + strings.Repeat("é", 128), `transaction "x` + strings.Repeat("é", 127) + `…"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			is.New(t).Equal(fmt.Sprint(ergon.NewTransaction(test.id, 1)), test.want)
		})
	}
}
