package ergontest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

type tableOrder struct {
	ID    string
	Price int
}

type tableRow struct {
	tableOrder
	Name string
}

var errTableTwice = errors.New("duplicate key")

func enrichTable(_ context.Context, o tableOrder) (tableRow, error) {
	return tableRow{o, "name of " + o.ID}, nil
}

func tableRows(w *World[tableOrder]) pipeline.Pipeline {
	return pipeline.From(w.Source).Map(w.Fake("directory", enrichTable)).DeadLetter(w.Dead).
		To(w.Sink[tableRow]("rows"), stage.Batch(500, time.Second))
}

func TestTheTableOfTheDocumentation(t *testing.T) {
	a, b, c := tableOrder{"a", 1}, tableOrder{"b", 2}, tableOrder{"c", 3}
	a2, _ := enrichTable(t.Context(), a)
	c2, _ := enrichTable(t.Context(), c)
	Table(t, tableRows,
		Case[tableOrder]{
			Name: "one row of three is refused", In: []tableOrder{a, b, c},
			Faults:  []Fault{At("rows", 1).Always(ergon.Business(errTableTwice))},
			Want:    []Want{Got("rows", a2, c2), Failed(1, "rows", ergon.CategoryBusiness, "duplicate key")},
			Settled: []ergon.Verdict{ergon.Acked, ergon.Acked, ergon.Acked}, Took: time.Second,
		},
		Case[tableOrder]{
			Name: "stopped with a half batch", In: []tableOrder{a, b},
			Faults: []Fault{At("rows", 1).Stop()}, Settled: []ergon.Verdict{ergon.Acked, ergon.Acked},
		},
	)
}
