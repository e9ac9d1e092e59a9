package ergontest_test

import (
	"fmt"
	"testing"

	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

func ExampleGoldenTopology() {
	test(func(t *testing.T) {
		var invoices, rejected ergontest.Sink[string]
		p := pipeline.From(ergontest.NewSource("2 lamps")).
			Map(check, stage.Named("check"), stage.Workers(4)).
			DeadLetter(&rejected).
			To(&invoices)
		ergontest.GoldenTopology(t, p) // testdata/Example.mmd, as this test is called Example
		fmt.Println("as it was")
	})
	// Output:
	// as it was
}
