package ergontest

import (
	"fmt"
	"testing"

	"github.com/ergon-go/ergon/pipeline"
)

// Table tests a pipeline case by case, each in a subtest and in virtual time of
// its own. build is called anew for each, in the bubble, and again after each
// crash. It takes from the World what the pipeline is connected to.
//
//	func rows(w *ergontest.World[Order]) pipeline.Pipeline {
//		return pipeline.From(w.Source).Map(w.Fake("directory", dir.Enrich)).DeadLetter(w.Dead).
//			To(w.Sink[Enriched]("rows"), stage.Batch(500, time.Second))
//	}
//
//	ergontest.Table(t, rows,
//		ergontest.Case[Order]{
//			Name: "one row of three is refused", In: []Order{a, b, c},
//			Faults: []ergontest.Fault{ergontest.At("rows", 1).Always(ergon.Business(errTwice))},
//			Want:   []ergontest.Want{ergontest.Got("rows", a2, c2)},
//			Took:   time.Second,
//		},
//	)
//
// A case streams, as the pipeline does in the field: a batch that is not full
// waits for its time. The source comes to its end once everything is settled, and
// with it the run. Chance is kept out: of the waits that it may spread it takes
// the longest, so that a Policy with NoJitter, or FullJitter, waits for just what
// it says.
//
// Whatever a case wants, what Run promises is checked. A message shows what was
// wanted and what came, and all that has happened to the transactions concerned,
// by virtual time. A fault at a place that does not exist fails the case, and so
// does one that never comes about.
//
// Table must not be called in a bubble.
func Table[T any](t *testing.T, build func(w *World[T]) pipeline.Pipeline, cases ...Case[T]) {
	t.Helper()
	given(t, "Table", "build", build != nil)
	if len(cases) == 0 {
		t.Error("ergontest: a Table without a Case tests nothing")
	}
	for i, c := range cases {
		if c.Name == "" {
			c.Name = fmt.Sprintf("case %d", i)
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Helper()
			runCase(t, failing(t), c, build)
		})
	}
}
