package ergontest_test

import (
	"fmt"
	"testing"

	"github.com/ergon-go/ergon/ergontest"
)

// Each thing that can go wrong at each boundary of the shop, one at a time.
func ExampleExplore() {
	test(func(t *testing.T) {
		done := ergontest.Explore(t, shop, ergontest.ExploreConfig[string]{
			In: []string{"lamp", "chair", "vase"},
		})
		fmt.Println(done.Boundaries > 10, done.Tried > 50, done.Failed)
	})
	// Output:
	// true true 0
}
