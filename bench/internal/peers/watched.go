package peers

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/bench/internal/work"
	ergonotel "github.com/ergon-go/ergon/otel"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/source"
)

// ErgonTraced is Ergon whose every span is sampled, batched and given to an exporter.
func ErgonTraced(exporter sdktrace.SpanExporter) Peer {
	return Peer{
		Name: "ergon, traced", Fits: func(Shape) bool { return true }, Run: func(ctx context.Context, j Job) (int, error) {
			provider := tracerProvider(exporter)
			n, err := ergonRun(ctx, j, &settled{Items: source.Slice(j.Items)}, pipeline.Observe(ergonotel.Tracing(provider)))
			return n, errors.Join(err, provider.Shutdown(ctx))
		},
		Note: "everything is sampled; a batch processor that drops nothing, before an exporter that keeps nothing",
	}
}

// tracerProvider is one of the SDK as it comes, but for what it would drop where spans
// come faster than they are exported.
func tracerProvider(exporter sdktrace.SpanExporter) *sdktrace.TracerProvider {
	return sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.AlwaysSample()), sdktrace.WithBatcher(exporter, sdktrace.WithBlocking()))
}

// ErgonMeasured is Ergon with metrics, which a reader collects once.
func ErgonMeasured() Peer {
	return Peer{
		Name: "ergon, metrics", Fits: func(Shape) bool { return true }, Run: func(ctx context.Context, j Job) (int, error) {
			reader := metric.NewManualReader()
			provider := metric.NewMeterProvider(metric.WithReader(reader))
			n, err := ergonRun(ctx, j, ergon.Source[work.Item](&settled{Items: source.Slice(j.Items)}), pipeline.Observe(ergonotel.Metrics(provider)))
			return n, errors.Join(err, reader.Collect(ctx, &metricdata.ResourceMetrics{}), provider.Shutdown(ctx))
		},
		Note: "ergonotel.Metrics without Durations, on the SDK",
	}
}

// Nowhere is an exporter that keeps nothing.
type Nowhere struct{}

// ExportSpans drops spans.
func (Nowhere) ExportSpans(context.Context, []sdktrace.ReadOnlySpan) error { return nil }

// Shutdown has nothing to do.
func (Nowhere) Shutdown(context.Context) error { return nil }
