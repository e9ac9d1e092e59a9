package ergontest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

func check(_ context.Context, order string) (string, error) {
	if order == "nothing" {
		return "", ergon.Business(errors.New("nothing is ordered"))
	}
	return order, nil
}

// TestInvoices is the example of the package documentation.
func TestInvoices(t *testing.T) {
	orders := ergontest.NewSource("2 lamps", "nothing", "3 vases")
	var invoices, rejected ergontest.Sink[string]
	invoices.DispatchErrors(errors.New("no connection"))

	result := ergontest.Run(t, func(t *testing.T) pipeline.Pipeline {
		return pipeline.From(orders).
			Map(check).
			DeadLetter(&rejected).
			To(&invoices, stage.Batch(100, time.Second))
	})

	is := is.New(t)
	is.Equal(invoices.Payloads(), []string{"2 lamps", "3 vases"})
	is.Equal(rejected.IDs(), []string{"test:1"})
	is.Equal(result.Ledger.Succeeded, int64(2))
}
