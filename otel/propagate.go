package ergonotel

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon"
)

// format is how a trace travels in the metadata of transactions: as W3C has it, in
// the keys traceparent, tracestate and baggage.
var format = propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})

// carrier reads and writes metadata as headers.
type carrier struct{ metadata ergon.Metadata }

func (c *carrier) Get(key string) string {
	if text, ok := c.metadata.Get[string](key); ok {
		return text
	}
	raw, _ := c.metadata.Get[[]byte](key) // as some brokers have their headers
	return string(raw)
}

func (c *carrier) Set(key, value string) { c.metadata = c.metadata.With(key, value) }

func (c *carrier) Keys() []string {
	keys := make([]string, 0, c.metadata.Len())
	for key := range c.metadata.All() {
		keys = append(keys, key)
	}
	return keys
}

// without returns metadata without some keys, of which each may be there: what another
// trace has left must not travel with this one.
func without(m ergon.Metadata, keys []string) ergon.Metadata {
	rest := map[string]any{}
	for key, value := range m.All() {
		if !slices.Contains(keys, key) {
			rest[key] = value
		}
	}
	return ergon.MetadataOf(rest)
}

// Extract returns ctx with the trace that a transaction has brought along in its
// metadata, if any. Tracing links the span of a transaction to it by itself.
func Extract[T any](ctx context.Context, tx ergon.Transaction[T]) context.Context {
	return format.Extract(ctx, &carrier{tx.Metadata()})
}

// Inject returns a transaction whose metadata carries the trace of ctx, for whoever
// receives it. It is a function for pipeline.Flow.Transform:
//
//	flow.Transform(ergonotel.Inject[Invoice]).To(queue)
//
// It takes the place of the trace and the baggage that the transaction has brought along.
// Without a trace in ctx the transaction is returned as it is. It never fails.
func Inject[T any](ctx context.Context, tx ergon.Transaction[T]) (ergon.Transaction[T], error) {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return tx, nil
	}
	c := &carrier{without(tx.Metadata(), format.Fields())}
	format.Inject(ctx, c)
	return tx.WithMetadata(c.metadata), nil
}
