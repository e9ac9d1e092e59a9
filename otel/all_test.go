package ergonotel_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	ergonotel "github.com/ergon-go/ergon/otel"
	"github.com/ergon-go/ergon/pipeline"
)

// broken is an observer with a bug.
type broken struct{}

func (broken) Begin(context.Context, *ergon.Event) context.Context { panic("a bug") }
func (broken) End(context.Context, *ergon.Event)                   {}

// One of them that panics is detached and reported; the others see the run to its end.
func TestOneOfAllThatPanicsTakesNoOtherAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		var metrics ergontest.Metrics
		p, _ := shop(ergonotel.All(ergonotel.Tracing(&spans), nil, ergonotel.All(broken{}, ergonotel.Metrics(&metrics))))
		is.True(errors.Is(p.Run(t.Context()), pipeline.ErrObserver))
		spans.Check(t)
		is.Equal(len(spans.All()), 11)
		is.Equal(metrics.Sum("ergon.transactions"), 2.0)
	})
}

// Who tells All itself tells those it stands for, each of what it wants to know.
func TestAllCanBeToldItself(t *testing.T) {
	is := is.New(t)
	var first, second ergontest.Events
	a := ergonotel.All(&first, only{&second, ergon.KindRun})
	picky, is1 := a.(ergon.Selective)
	is.True(is1 && picky.Wants(ergon.KindWait))
	for _, k := range []ergon.Kind{ergon.KindRun, ergon.KindFetch} {
		e := &ergon.Event{Kind: k, Pipeline: "p"}
		a.End(a.Begin(t.Context(), e), e)
	}
	is.Equal(len(first.All()), 2)
	is.Equal(len(second.All()), 1)
	nobody, _ := ergonotel.All().(ergon.Selective)
	is.True(!nobody.Wants(ergon.KindRun))
}

// only is an observer that wants to know of one kind.
type only struct {
	ergon.Observer
	kind ergon.Kind
}

func (o only) Wants(k ergon.Kind) bool { return k == o.kind }
