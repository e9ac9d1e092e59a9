package ergontest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// Whatever happens to the pipeline, no order is lost.
func ExampleSim() {
	test(func(t *testing.T) {
		t.Setenv("ERGON_SEED", "")
		t.Setenv("ERGON_SEEDS", "")
		price := func(_ context.Context, order string) (string, error) { return order + ": 7.50", nil }
		result := ergontest.Sim(t, func(w *ergontest.World[string]) pipeline.Pipeline {
			return pipeline.From(w.Source).
				Map(w.Fake("prices", price), stage.Workers(4)).
				DeadLetter(w.Dead).
				To(w.Sink[string]("invoices"), stage.Batch(10, time.Second))
		}, ergontest.SimConfig[string]{
			Make:  func(i int) string { return fmt.Sprint("order ", i) },
			Seeds: 20,
		})
		fmt.Println(result.Runs, "runs, failed:", result.Failed)
	})
	// Output:
	// 20 runs, failed: false
}
