package ergonotel_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	ergonotel "github.com/ergon-go/ergon/otel"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// The span of a batch is linked to those of its transactions, and to no more than 128.
func TestTracingLinksABatchToItsTransactions(t *testing.T) {
	for name, c := range map[string]struct{ n, links int }{"some": {100, 100}, "as many as are linked": {128, 128}, "more": {500, 128}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				var spans ergontest.Spans
				p := pipeline.From(source.Slice(make([]int, c.n)), pipeline.Observe(ergonotel.Tracing(&spans)), pipeline.With(pipeline.Policy{FetchBatch: c.n})).
					To(sink.Discard[int](), stage.Batch(c.n, time.Hour))
				is.NoErr(p.Run(t.Context()))
				spans.Check(t)
				process := map[trace.SpanID]bool{}
				for _, s := range spans.All() {
					if s.Name == "process pipeline" {
						process[s.SpanContext.SpanID()] = true
					}
				}
				linked := map[trace.SpanID]bool{}
				for _, s := range spans.All() {
					for _, l := range s.Links {
						is.Equal(s.Name, "send sink")
						is.True(process[l.SpanContext.SpanID()])
						linked[l.SpanContext.SpanID()] = true
					}
				}
				is.Equal(len(linked), c.links) // each once
			})
		})
	}
}

// Where a run streams, the span of a batch is linked to who called Stream, too.
func TestTracingLinksABatchOfAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		ctx, caller := spans.Tracer("main").Start(t.Context(), "main")
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		twice := func(_ context.Context, v []int) ([]int, error) { return v, nil }
		p := pipeline.From(source.Slice([]int{1, 2}), pipeline.Observe(ergonotel.Tracing(&spans))).
			MapBatch(2, time.Second, twice, stage.Named("bulk")).To(sink.Discard[int](), stage.Batch(2, time.Second))
		is.NoErr(p.Stream(ctx))
		caller.End()
		links := map[string]int{}
		for _, s := range spans.All() {
			if strings.HasPrefix(s.Name, "send") || s.Name == "bulk" {
				links[s.Name] = len(s.Links)
				is.Equal(s.Links[0].SpanContext.SpanID(), caller.SpanContext().SpanID())
			}
		}
		is.Equal(links, map[string]int{"send sink": 3, "bulk": 3})
	})
}

// placed is a source or a sink that says where it is.
type placed[T any] struct {
	ergon.Source[T]
	ergon.Sink[T]
	at ergon.Destination
}

func (p placed[T]) Destination() ergon.Destination { return p.at }

// What a source or sink says of where it is stands in spans and metrics, as the
// conventions for messaging have it, and without a credential.
func TestDestinationsAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans ergontest.Spans
		var metrics ergontest.Metrics
		from := placed[int]{Source: source.Slice([]int{1}), at: ergon.Destination{System: "kafka", Name: "orders"}}
		to := placed[int]{Sink: sink.Discard[int](), at: ergon.Destination{Name: "db://clerk:hunter2@host/rows"}}
		p := pipeline.From[int](from, pipeline.Named("shop"), pipeline.Observe(ergonotel.All(ergonotel.Tracing(&spans), ergonotel.Metrics(&metrics, ergonotel.Durations())))).
			To(to, stage.Named("till"))
		is.NoErr(p.Run(t.Context()))
		spans.NoSecret(t, "hunter2")
		metrics.NoSecret(t, "hunter2")
		is.Equal(spans.Tree("messaging.system", "messaging.destination.name"), `run shop
  batch shop
    process orders (consumer) messaging.destination.name="orders" messaging.system="kafka"
      send db://clerk:***@host/rows (producer) messaging.destination.name="db://clerk:***@host/rows" messaging.system="ergon"
  receive orders (client) messaging.destination.name="orders" messaging.system="kafka"
`)
		var names []string
		for _, m := range metrics.All() {
			if at, some := m.Attributes.Value("messaging.destination.name"); some && strings.HasPrefix(m.Name, "messaging.client") {
				names = append(names, m.Name+" "+at.AsString())
			}
		}
		is.Equal(strings.Join(names, "\n"), `messaging.client.consumed.messages orders
messaging.client.operation.duration db://clerk:***@host/rows
messaging.client.operation.duration orders
messaging.client.sent.messages db://clerk:***@host/rows`)
	})
}
