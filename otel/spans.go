package ergonotel

import (
	"context"

	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon"
)

// called returns what the span of an event is called, and its kind. An operation of
// messaging is called by where it takes place, as the conventions want it, or by the
// pipeline or stage, where that is not known.
func called(e *ergon.Event) (string, trace.SpanKind) {
	switch e.Kind {
	case ergon.KindFetch:
		return at("receive ", e, e.Pipeline), trace.SpanKindClient
	case ergon.KindBatch:
		return "batch " + e.Pipeline, trace.SpanKindInternal
	case ergon.KindTransaction:
		return at("process ", e, e.Pipeline), trace.SpanKindConsumer
	case ergon.KindDispatch:
		return at("send ", e, e.Stage), trace.SpanKindProducer
	case ergon.KindSettle:
		return at("settle ", e, e.Pipeline), trace.SpanKindClient
	case ergon.KindExtend:
		return at("extend ", e, e.Pipeline), trace.SpanKindClient
	case ergon.KindAttempt, ergon.KindHandler, ergon.KindSuccess:
		return e.Stage, trace.SpanKindInternal
	}
	return e.Kind.String() + " " + e.Pipeline, trace.SpanKindInternal
}

func at(operation string, e *ergon.Event, otherwise string) string {
	if e.Destination.Name != "" {
		return operation + Scrub(e.Destination.Name)
	}
	return operation + otherwise
}

// mostLinks is how many links a span has at most: what the SDK keeps unless it is told
// otherwise.
const mostLinks = 128

// linksOf returns what the span of an event is linked to, nil where it is nothing: a
// transaction to the trace that it has brought along; what has no parent because the
// run streams, to who called Stream; and what is handed on or tried for many at once, to
// the spans of the first of their transactions.
func linksOf(ctx context.Context, e *ergon.Event) []trace.Link {
	switch e.Kind {
	case ergon.KindTransaction:
		return linkOf(e.Metadata)
	case ergon.KindAttempt, ergon.KindDispatch, ergon.KindHandler, ergon.KindSuccess:
		if e.Contexts == nil {
			return nil // it is inside its transaction
		}
	}
	var links []trace.Link
	if !trace.SpanContextFromContext(ctx).IsValid() {
		if caller, _ := ctx.Value(callerKey{}).(trace.SpanContext); caller.IsValid() {
			links = append(links, trace.Link{SpanContext: caller})
		}
	}
	if e.Contexts == nil || e.Kind != ergon.KindDispatch && e.Kind != ergon.KindAttempt {
		return links
	}
	if links == nil {
		links = make([]trace.Link, 0, min(e.N, mostLinks))
	}
	var last trace.SpanContext
	for inner := range e.Contexts {
		of := trace.SpanContextFromContext(inner)
		if of.IsValid() && !of.Equal(last) { // children of one stand next to each other
			links, last = append(links, trace.Link{SpanContext: of}), of
		}
		if len(links) >= mostLinks {
			break
		}
	}
	return links
}

// linkOf returns the link to the trace that metadata brings along, if any.
func linkOf(m ergon.Metadata) []trace.Link {
	if m.Len() == 0 {
		return nil
	}
	from := trace.SpanContextFromContext(format.Extract(context.Background(), &carrier{m}))
	if !from.IsValid() {
		return nil
	}
	return []trace.Link{{SpanContext: from}}
}
