package ergontest_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
)

// parse is a function for stages.
func parse(_ context.Context, text string) (int, error) {
	n, err := strconv.Atoi(text)
	return n, ergon.Business(err)
}

// mark is a function for stages that sees whole transactions.
func mark(_ context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) {
	return tx.WithMeta("even", tx.Payload()%2 == 0), nil
}

func ExampleFeed() {
	test(func(t *testing.T) {
		numbers, errs := ergontest.Feed(t, parse, ergon.NewTransaction("a", "7"), ergon.NewTransaction("b", "seven"))
		fmt.Println(numbers[0], errs[0])
		fmt.Println(numbers[1], errs[1])
	})
	// Output:
	// 7 <nil>
	// 0 strconv.Atoi: parsing "seven": invalid syntax
}

func ExampleFeedTransform() {
	test(func(t *testing.T) {
		txs, errs := ergontest.FeedTransform(t, mark, ergon.NewTransaction("a", 7))
		even, _ := txs[0].Metadata().Get[bool]("even")
		fmt.Println(even, errs[0])
	})
	// Output:
	// false <nil>
}
