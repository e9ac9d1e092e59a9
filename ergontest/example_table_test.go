package ergontest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// priced is what an order becomes.
type priced struct {
	Order string
	Price int
}

var errDown = errors.New("no connection")

// shop is a pipeline that asks a service for prices, and stores invoices.
func shop(w *ergontest.World[string]) pipeline.Pipeline {
	price := w.Fake("prices", func(_ context.Context, order string) (priced, error) {
		return priced{order, len(order)}, nil
	})
	patiently := retry.Policy{MaxAttempts: 3, Backoff: time.Second, AttemptTimeout: time.Minute}
	return pipeline.From(w.Source).
		Map(price, stage.Named("price"), stage.Retry(patiently)).
		DeadLetter(w.Dead).
		To(w.Sink[priced]("invoices"), stage.Batch(2, time.Minute))
}

// tried runs one case of the shop, and prints whether it failed.
func tried(c ergontest.Case[string]) {
	test(func(t *testing.T) {
		ergontest.Table(t, shop, c)
		fmt.Println("failed:", t.Failed())
	})
}

func ExampleTable() {
	test(func(t *testing.T) {
		ergontest.Table(t, shop,
			ergontest.Case[string]{
				Name: "all is well", In: []string{"lamp", "chair", "vase"},
				Want: []ergontest.Want{
					ergontest.GotInOrder("invoices", priced{"lamp", 4}, priced{"chair", 5}, priced{"vase", 4}),
					ergontest.Batches("invoices", 2, 1),
				},
				Settled: []ergon.Verdict{ergon.Acked, ergon.Acked, ergon.Acked},
				Took:    time.Minute, // the second batch waits for more
			},
			ergontest.Case[string]{
				Name: "one has no price, and the process dies", In: []string{"lamp", "chair", "vase"},
				Faults: []ergontest.Fault{
					ergontest.At("prices", 1).Always(ergon.Business(errors.New("no such thing"))),
					ergontest.At("invoices", 2).CrashAfter(),
				},
				Want: []ergontest.Want{
					ergontest.Got("invoices", priced{"lamp", 4}, priced{"vase", 4}),
					ergontest.Got(ergontest.DeadLetters, "chair"),
					ergontest.Failed(1, "price", ergon.CategoryBusiness, "no such thing"),
				},
			},
		)
		fmt.Println("failed:", t.Failed())
	})
	// Output:
	// failed: false
}

func ExampleAt() {
	tried(ergontest.Case[string]{
		In: []string{"lamp", "chair"},
		Faults: []ergontest.Fault{
			ergontest.At("prices", 1).Errors(errDown),    // a fake, for the chair
			ergontest.At("invoices").Slow(time.Second),   // a sink, for whatever comes
			ergontest.At("settle", 0, 1).Errors(errDown), // the source, when it is told
		},
		Want: []ergontest.Want{ergontest.Got("invoices", priced{"lamp", 4}, priced{"chair", 5})},
	})
	// Output:
	// failed: false
}

func ExamplePlace_Errors() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp"},
		Faults: []ergontest.Fault{ergontest.At("prices").Errors(errDown, errDown)},
		Want:   []ergontest.Want{ergontest.Calls("prices", 3)},
		Took:   (1+2)*time.Second + time.Minute, // two waits, and the batch
	})
	// Output:
	// failed: false
}

func ExamplePlace_Always() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair"},
		Faults: []ergontest.Fault{ergontest.At("invoices", 1).Always(ergon.Business(errors.New("duplicate key")))},
		Want: []ergontest.Want{
			ergontest.Got("invoices", priced{"lamp", 4}),
			ergontest.Got(ergontest.DeadLetters, "chair"),
		},
	})
	// Output:
	// failed: false
}

func ExamplePlace_Slow() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp"},
		Faults: []ergontest.Fault{ergontest.At("prices").Slow(time.Hour).Times(3)},
		Want:   []ergontest.Want{ergontest.Failed(0, "price", ergon.CategoryTimeout, "took too long")},
	})
	// Output:
	// failed: false
}

func ExamplePlace_Deaf() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp"},
		Faults: []ergontest.Fault{ergontest.At("prices").Deaf(time.Hour)},
		Want: []ergontest.Want{
			ergontest.Calls("prices", 1), // no second attempt beside the first
			ergontest.Got("invoices", priced{"lamp", 4}),
		},
	})
	// Output:
	// failed: false
}

func ExamplePlace_Panics() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair"},
		Faults: []ergontest.Fault{ergontest.At("price", 0).Panics("index out of range")},
		Want:   []ergontest.Want{ergontest.Attempts(0, "price", 2), ergontest.Attempts(1, "price", 1)},
	})
	// Output:
	// failed: false
}

func ExamplePlace_StoredBut() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp", "chair"},
		Faults: []ergontest.Fault{ergontest.At("invoices", 0).StoredBut(errDown)},
		Want:   []ergontest.Want{ergontest.Duplicates("invoices", 1)},
	})
	// Output:
	// failed: false
}

func ExampleFault_Times() {
	tried(ergontest.Case[string]{
		In:     []string{"lamp"},
		Faults: []ergontest.Fault{ergontest.At("invoices").Panics("no disk").Times(5)},
		Want:   []ergontest.Want{ergontest.Batches("invoices", 1, 1, 1, 1, 1, 1)},
	})
	// Output:
	// failed: false
}

func ExampleFault_Maybe() {
	rare := ergontest.At(ergontest.DeadLetters).Errors(errDown).Maybe()
	tried(ergontest.Case[string]{
		In:     []string{"lamp"},
		Faults: []ergontest.Fault{rare},
		Want:   []ergontest.Want{ergontest.Nothing(ergontest.DeadLetters)},
	})
	// Output:
	// failed: false
}

func ExampleFakes_Fake() {
	test(func(t *testing.T) {
		build := func(w *ergontest.World[string]) pipeline.Pipeline {
			louder := w.Fake("voice", func(_ context.Context, text string) (string, error) { return strings.ToUpper(text), nil })
			return pipeline.From(w.Source).Map(louder).To(w.Sink[string]("out"))
		}
		ergontest.Table(t, build, ergontest.Case[string]{
			Name: "hoarse", In: []string{"hello"},
			Faults: []ergontest.Fault{ergontest.At("voice").Always(ergon.Permanent(errors.New("hoarse")))},
			Want:   []ergontest.Want{ergontest.Nothing("out"), ergontest.Calls("voice", 1)},
		})
		fmt.Println("failed:", t.Failed())
	})
	// Output:
	// failed: false
}

func ExampleWorld_Sink() {
	test(func(t *testing.T) {
		build := func(w *ergontest.World[int]) pipeline.Pipeline {
			odd := func(n int) int { return n % 2 }
			to := func(name string) func(pipeline.Flow[int, int]) pipeline.Pipeline {
				return func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(w.Sink[int](name)) }
			}
			return pipeline.From(w.Source).Route(odd, to("even"), to("odd"))
		}
		ergontest.Table(t, build, ergontest.Case[int]{
			Name: "both", In: []int{1, 2, 3},
			Want: []ergontest.Want{ergontest.Got("even", 2), ergontest.GotInOrder("odd", 1, 3)},
		})
		fmt.Println("failed:", t.Failed())
	})
	// Output:
	// failed: false
}
