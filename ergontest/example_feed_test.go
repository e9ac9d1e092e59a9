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

func ExampleRows_Test() {
	test(func(t *testing.T) {
		ergontest.Rows[string, int]{
			{Name: "a number", In: "7", Want: 7},
			{Name: "below zero", In: "-7", Want: -7},
			{Name: "no number", In: "seven", Err: strconv.ErrSyntax, Verdict: ergon.DeadLettered},
			{Name: "too large", In: "77777777777777777777", Err: strconv.ErrRange, Verdict: ergon.DeadLettered},
		}.Test(t, parse)
		fmt.Println(t.Failed())
	})
	// Output:
	// false
}

func ExampleRows_TestTransform() {
	test(func(t *testing.T) {
		even := ergon.MetadataOf(map[string]any{"even": true})
		ergontest.Rows[int, int]{
			{Name: "an even number", In: 8, Want: 8, WantMetadata: even},
			{Name: "zero is even", In: 0, WantMetadata: even},
		}.TestTransform(t, mark)
		fmt.Println(t.Failed())
	})
	// Output:
	// false
}
