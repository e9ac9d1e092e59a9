package ergontest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
)

// cheapest sorts a copy: the order it was given stays as it is.
func cheapest(_ context.Context, prices []int) (int, error) {
	sorted := slices.Sorted(slices.Values(prices))
	return sorted[0], nil
}

func ExampleCheckImmutable() {
	test(func(t *testing.T) {
		var rows ergontest.Sink[int]
		ergontest.Run(t, func(t *testing.T) pipeline.Pipeline {
			return pipeline.From(ergontest.NewSource([]int{3, 1, 2}, []int{9, 8})).
				Map(ergontest.CheckImmutable(t, cheapest)).
				To(&rows)
		})
		fmt.Println(rows.Payloads())
	})
	// Output:
	// [1 8]
}

func ExampleCheckImmutableTransform() {
	test(func(t *testing.T) {
		count := func(_ context.Context, tx ergon.Transaction[[]int]) (ergon.Transaction[int], error) {
			return tx.With(len(tx.Payload())), nil
		}
		counts, _ := ergontest.CheckImmutableTransform(t, count)(t.Context(), ergon.NewTransaction("7", []int{3, 1, 2}))
		fmt.Println(counts.Payload())
	})
	// Output:
	// 3
}

// What a source hands out stays as it is, whatever is done with it.
func ExampleCheckUnchanged() {
	test(func(t *testing.T) {
		orders := [][]string{{"2 lamps"}, {"3 vases", "1 chair"}}
		ergontest.CheckUnchanged(t, orders...)
		var rows ergontest.Sink[string]
		ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
			return pipeline.From(ergontest.NewSource(orders...)).
				Map(func(_ context.Context, lines []string) (string, error) { return strings.Join(lines, ", "), nil }).
				To(&rows)
		})
		fmt.Println(strings.Join(rows.Payloads(), "; "))
	})
	// Output:
	// 2 lamps; 3 vases, 1 chair
}
