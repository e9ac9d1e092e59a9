package peers

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon/bench/internal/work"
	ergonotel "github.com/ergon-go/ergon/otel"
)

// SpansByHand is a loop with the spans that ergon makes: as many, of the same names,
// kinds, attributes, parents and links, each begun and ended around what it tells of, by
// the same SDK. It runs on as many goroutines as there are processors, since ergon
// leaves none of them idle where attempts take as long as spans do.
func SpansByHand(exporter sdktrace.SpanExporter) Peer {
	p := spansByHand(exporter, runtime.GOMAXPROCS(0))
	p.Name, p.Note = "loops with the same spans", "by the SDK alone, on a goroutine for each processor"
	return p
}

// SpansByOneHand is SpansByHand on one goroutine.
func SpansByOneHand(exporter sdktrace.SpanExporter) Peer {
	p := spansByHand(exporter, 1)
	p.Name, p.Note = "a loop with the same spans", "by the SDK alone, on one goroutine"
	return p
}

func spansByHand(exporter sdktrace.SpanExporter, hands int) Peer {
	return Peer{
		Run: func(ctx context.Context, j Job) (int, error) {
			provider := tracerProvider(exporter)
			h := byHand{job: j, hands: hands, tracer: provider.Tracer("loop", trace.WithSchemaURL(ergonotel.SchemaURL))}
			for i := range j.Stages {
				h.stages = append(h.stages, stageName(i))
			}
			n := h.run(ctx)
			return n, errors.Join(ctx.Err(), provider.Shutdown(ctx))
		},
	}
}

func stageName(i int) string {
	if i == 0 {
		return "map"
	}
	return "map-" + strconv.Itoa(i+1)
}

type byHand struct {
	job    Job
	hands  int // goroutines
	tracer trace.Tracer
	stages []string
}

// handBatch is how many items are fetched, stored and settled at once.
const handBatch = 100

var inPipeline = attribute.String("ergon.pipeline", "pipeline")

func (h *byHand) run(ctx context.Context) int {
	ctx, run := h.tracer.Start(ctx, "run pipeline", trace.WithAttributes(inPipeline))
	defer run.End()
	var group sync.WaitGroup
	var next atomic.Int64
	for range h.hands {
		group.Go(func() {
			for from := int(next.Add(handBatch)) - handBatch; from < len(h.job.Items); from = int(next.Add(handBatch)) - handBatch {
				h.fetched(ctx, from, h.job.Items[from:min(from+handBatch, len(h.job.Items))])
			}
		})
	}
	group.Wait()
	run.SetAttributes(attribute.Int("messaging.batch.message_count", len(h.job.Items)))
	return len(h.job.Items)
}

// fetched does all that is to be done for the items of one fetch.
func (h *byHand) fetched(ctx context.Context, from int, items []work.Item) {
	h.operation(ctx, "receive pipeline", trace.SpanKindClient, "receive", len(items), attribute.Int("ergon.attempt", 1))
	h.batch(ctx, from, items)
}

// operation is a span of what is done for many at once.
func (h *byHand) operation(ctx context.Context, name string, kind trace.SpanKind, operation string, n int, more ...attribute.KeyValue) {
	all := []attribute.KeyValue{
		inPipeline, attribute.String("messaging.system", "ergon"), attribute.String("messaging.operation.name", operation),
		attribute.String("messaging.operation.type", operation), attribute.Int("messaging.batch.message_count", n),
	}
	_, span := h.tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(append(all, more...)...))
	span.End()
}

func (h *byHand) batch(ctx context.Context, from int, items []work.Item) {
	inner, batch := h.tracer.Start(ctx, "batch pipeline", trace.WithAttributes(inPipeline, attribute.Int("messaging.batch.message_count", len(items))))
	defer batch.End()
	open := make([]trace.Span, len(items))
	links := make([]trace.Link, len(items))
	done := make([]work.Item, len(items))
	for i, v := range items {
		done[i], open[i] = h.item(inner, from+i, v)
		links[i] = trace.Link{SpanContext: open[i].SpanContext()}
	}
	_, send := h.tracer.Start(ctx, "send sink", trace.WithSpanKind(trace.SpanKindProducer), trace.WithLinks(links...), trace.WithAttributes(
		inPipeline, attribute.String("messaging.system", "ergon"), attribute.String("messaging.operation.name", "send"), attribute.String("messaging.operation.type", "send"),
		attribute.String("ergon.stage", "sink"), attribute.Int("ergon.attempt", 1), attribute.Int("messaging.batch.message_count", len(items))))
	for _, v := range done {
		h.job.Show(v)
	}
	send.End()
	h.operation(ctx, "settle pipeline", trace.SpanKindClient, "settle", len(items), attribute.String("ergon.stage", "settle"), attribute.Int("ergon.attempt", 1))
	for _, span := range open {
		span.SetAttributes(attribute.String("ergon.verdict", "acked"))
		span.End()
	}
}

// item puts one item through every stage, and returns it with its span, which goes on.
func (h *byHand) item(ctx context.Context, i int, v work.Item) (work.Item, trace.Span) {
	id := "slice:" + strconv.Itoa(i)
	inner, span := h.tracer.Start(ctx, "process pipeline", trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		inPipeline, attribute.String("messaging.system", "ergon"), attribute.String("messaging.operation.name", "process"),
		attribute.String("messaging.operation.type", "process"), attribute.String("messaging.message.id", id)))
	for _, stage := range h.stages {
		_, attempt := h.tracer.Start(inner, stage, trace.WithAttributes(
			inPipeline, attribute.String("ergon.stage", stage), attribute.String("messaging.message.id", id), attribute.Int("ergon.attempt", 1)))
		v = h.job.Step(v)
		attempt.End()
	}
	return v, span
}
