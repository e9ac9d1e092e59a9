package ergontest_test

import (
	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
)

func ExampleGot() {
	tried(ergontest.Case[string]{
		In:   []string{"lamp", "chair"},
		Want: []ergontest.Want{ergontest.Got("invoices", priced{"chair", 5}, priced{"lamp", 4})},
	})
	// Output:
	// failed: false
}

func ExampleGotInOrder() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair", "vase"},
		Faults: []ergontest.Fault{ergontest.At("price", 0).Errors(errDown)},
		Want:   []ergontest.Want{ergontest.GotInOrder("invoices", priced{"chair", 5}, priced{"vase", 4}, priced{"lamp", 4})},
	})
	// Output:
	// failed: false
}

func ExampleNothing() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp"},
		Faults: []ergontest.Fault{ergontest.At("price").Always(ergon.Drop("sold out"))},
		Want:   []ergontest.Want{ergontest.Nothing("invoices"), ergontest.Nothing(ergontest.DeadLetters)},
	})
	// Output:
	// failed: false
}

func ExampleBatches() {
	tried(ergontest.Case[string]{
		In:   []string{"lamp", "chair", "vase"},
		Want: []ergontest.Want{ergontest.Batches("invoices", 2, 1)},
	})
	// Output:
	// failed: false
}

func ExampleCalls() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair"},
		Faults: []ergontest.Fault{ergontest.At("prices").Errors(errDown)},
		Want:   []ergontest.Want{ergontest.Calls("prices", 4)},
	})
	// Output:
	// failed: false
}

func ExampleAttempts() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair"},
		Faults: []ergontest.Fault{ergontest.At("prices", 1).Errors(errDown)},
		Want:   []ergontest.Want{ergontest.Attempts(0, "price", 1), ergontest.Attempts(1, "price", 2)},
	})
	// Output:
	// failed: false
}

func ExampleFailed() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair"},
		Faults: []ergontest.Fault{ergontest.At("invoices", 1).Always(ergon.Permanent(errDown))},
		Want:   []ergontest.Want{ergontest.Failed(1, "invoices", ergon.CategorySystem, "no connection")},
	})
	// Output:
	// failed: false
}

func ExampleDuplicates() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair"},
		Faults: []ergontest.Fault{ergontest.At("settle", 0).Crash()}, // stored, and nobody was told
		Want:   []ergontest.Want{ergontest.Duplicates("invoices", 2)},
	})
	// Output:
	// failed: false
}

func ExampleOrderPerKey() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair", "vase"},
		Faults: []ergontest.Fault{ergontest.At("price", 1).Errors(errDown)},
		Want: []ergontest.Want{ergontest.OrderPerKey("invoices", func(p priced) string {
			return p.Order[:1] // what begins with one letter
		})},
	})
	// Output:
	// failed: false
}
