package source_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

func ExampleSlice() {
	names := source.Slice([]string{"Ada", "Grace"}, source.Named("names"))
	txs, err := names.Fetch(context.Background(), 10)
	for _, tx := range txs {
		fmt.Println(tx.ID(), tx.Payload())
	}
	fmt.Println(err)
	// Output:
	// names:0 Ada
	// names:1 Grace
	// EOF
}

func ExampleTransactions() {
	orders := source.Transactions(ergon.NewTransaction("order-7", 250), ergon.NewTransaction("order-9", 80))
	txs, _ := orders.Fetch(context.Background(), 1)
	left, _ := orders.Count(context.Background())
	fmt.Println(txs[0].ID(), txs[0].Payload(), left)
	// Output: order-7 250 1
}

func TestSliceHandsOutEverythingOnceInOrder(t *testing.T) {
	tests := []struct {
		name  string
		items []string
		max   int
		want  []string
	}{
		{"none", nil, 3, []string{}},
		{"fewer than asked for", []string{"a", "b"}, 3, []string{"slice:0", "slice:1"}},
		{"as many as asked for", []string{"a", "b"}, 2, []string{"slice:0", "slice:1"}},
		{"more than asked for", []string{"a", "b", "c"}, 2, []string{"slice:0", "slice:1", "slice:2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			txs := drain(t, source.Slice(tt.items), tt.max)
			is.Equal(ids(txs), tt.want)
			is.Equal(payloads(txs), append([]string{}, tt.items...))
		})
	}
}

func TestSliceBeginsAgainAtStartOnlyAfterStop(t *testing.T) {
	is := is.New(t)
	s := source.Slice([]int{1, 2, 3})
	is.NoErr(s.Start(t.Context()))
	txs, err := s.Fetch(t.Context(), 2)
	is.NoErr(err)
	is.Equal(len(txs), 2)
	is.NoErr(s.Start(t.Context())) // changes nothing
	is.Equal(count(t, s), 1)
	is.Equal(payloads(drain(t, s, 2)), []int{3})
	_, err = s.Fetch(t.Context(), 2)
	is.True(eof(err))
	is.NoErr(s.Stop(t.Context()))
	is.NoErr(s.Start(t.Context()))
	is.Equal(count(t, s), 3)
	is.Equal(payloads(drain(t, s, 2)), []int{1, 2, 3})
}

func TestAFetchOfNothingTakesNothing(t *testing.T) {
	is := is.New(t)
	s := source.Slice([]int{1})
	for _, n := range []int{0, -1} {
		txs, err := s.Fetch(t.Context(), n)
		is.NoErr(err)
		is.Equal(len(txs), 0)
	}
	is.Equal(count(t, s), 1)
}

func TestTransactionsAreNotSharedWithTheCaller(t *testing.T) {
	is := is.New(t)
	given := []ergon.Transaction[int]{ergon.NewTransaction("a", 1), ergon.NewTransaction("b", 2)}
	s := source.Transactions(given...)
	given[0] = ergon.NewTransaction("z", 9)
	txs, _ := s.Fetch(t.Context(), 2)
	txs[1] = given[0]
	is.NoErr(s.Start(t.Context()))
	is.Equal(ids(drain(t, s, 2)), []string{"a", "b"})
}

func TestSliceWithoutANameIsAFault(t *testing.T) {
	checkFaults(t, source.Slice([]int{1}, source.Named("")), "source.Slice: name: is empty")
	checkFaults(t, source.Slice([]int{1}, nil))
}
