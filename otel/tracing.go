package ergonotel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon"
)

// Tracing returns an observer that makes spans: of the run; in it of each fetch and of
// each batch that one got; in that of each transaction, from fetch to settlement; in
// that of each attempt of a stage, and of OnError, OnSuccess and a Dispatch of one.
// What is done for many at once (Dispatch of a batch, Settle, Extend, the drain) is a
// span of the run. The context of a span is that of the user code inside it.
//
// A run that streams may never end, so it has no span: every batch, and what is done
// for many, is the root of a trace, linked to the span that called Stream.
//
// The span of a transaction is linked to the trace that its metadata brings along
// (traceparent), as the conventions for messaging want it. The span of a batch is
// linked to those of its transactions, 128 at most. Failed attempts record
// their error; waits, retries among them, and violations are events of the span they
// happen in or, where a run streams and there is none, roots of their own. See Scrub
// for what is shown of errors.
//
// The observer may be shared by many pipelines. It panics if the provider is nil.
func Tracing(provider trace.TracerProvider) ergon.Observer {
	if provider == nil {
		panic("ergonotel: Tracing: the provider is nil")
	}
	return &tracing{tracer: provider.Tracer(scope, trace.WithSchemaURL(SchemaURL))}
}

type tracing struct {
	tracer trace.Tracer
	molds  memo[moldKey, *mold]
}

// begun is the context inside a span of ours: others may begin spans in it, too,
// before End is called.
type begun struct {
	context.Context
	of   *tracing
	span trace.Span
}

// spanKey finds the innermost span of a tracing.
type spanKey struct{ of *tracing }

func (b *begun) Value(key any) any {
	if k, ours := key.(spanKey); ours && k.of == b.of {
		return b.span
	}
	return b.Context.Value(key)
}

// callerKey finds the span in which Stream was called.
type callerKey struct{}

func (t *tracing) Begin(ctx context.Context, e *ergon.Event) context.Context {
	switch e.Kind {
	case ergon.KindRun:
		if e.Snapshot != nil && e.Snapshot().Streaming {
			caller := trace.SpanContextFromContext(ctx)
			ctx = trace.ContextWithSpanContext(ctx, trace.SpanContext{})
			return context.WithValue(ctx, callerKey{}, caller)
		}
	case ergon.KindWait:
		t.moment(ctx, "ergon.wait", e, waitOf)
		return ctx
	case ergon.KindViolation:
		t.moment(ctx, "ergon.violation", e, violationOf)
		return ctx
	}
	m, s := t.moldOf(e), starts.Get().(*start)
	s.attributes = ownOf(append(s.attributes, m.fixed...), e)
	s.options = append(s.options, m.kind, trace.WithAttributes(s.attributes...))
	if links := linksOf(ctx, e); links != nil {
		s.options = append(s.options, trace.WithLinks(links...))
	}
	inner, span := t.tracer.Start(ctx, m.name, s.options...)
	s.free()
	return &begun{inner, t, span}
}

func (t *tracing) End(ctx context.Context, e *ergon.Event) {
	if e.Kind == ergon.KindWait || e.Kind == ergon.KindViolation {
		return
	}
	span, _ := ctx.Value(spanKey{t}).(trace.Span)
	if span == nil || e.Kind == ergon.KindRun && e.Snapshot != nil && e.Snapshot().Streaming {
		return
	}
	defer span.End()
	if !span.IsRecording() {
		return
	}
	switch e.Kind {
	case ergon.KindTransaction, ergon.KindHandler:
		span.SetAttributes(verdictOf(e.Verdict)...)
	case ergon.KindFetch, ergon.KindRun, ergon.KindDrain:
		span.SetAttributes(keyBatch.Int(e.N))
	}
	if failed(e) {
		record(span, e.Err)
	}
}

// failed reports whether what an event tells of has failed. What a filter drops has
// not, and a failure that OnError is told of has failed before.
func failed(e *ergon.Event) bool {
	if e.Err == nil || ergon.ItemErrorsOf(e.Err, max(e.N, 1)) == nil {
		return false
	}
	if e.Kind == ergon.KindFetch && errors.Is(e.Err, io.EOF) {
		return false // the source has come to its end
	}
	steering, _ := ergon.SteeringOf(e.Err)
	return steering != ergon.SteerDrop && steering != ergon.SteerHandled
}

// record notes an error, as span.RecordError does, but for what must not be shown.
func record(span trace.Span, err error) {
	text, category := shown(err), ergon.CategoryOf(err).String()
	span.AddEvent("exception", trace.WithAttributes(keyException.String(typeOf(err)), keySays.String(text)))
	span.SetAttributes(keyError.String(category))
	span.SetStatus(codes.Error, text)
}

// typeOf returns the type of an error, below the marks that steer.
func typeOf(err error) string {
	name := fmt.Sprintf("%T", err)
	for strings.HasPrefix(name, "*ergon.steered") {
		if err = errors.Unwrap(err); err == nil {
			return name
		}
		name = fmt.Sprintf("%T", err)
	}
	return name
}

// moment notes something that takes no time in the span that it happens in. about is
// asked where somebody sees it.
func (t *tracing) moment(ctx context.Context, name string, e *ergon.Event, about func(*ergon.Event) []attribute.KeyValue) {
	span := trace.SpanFromContext(ctx)
	if span.IsRecording() {
		span.AddEvent(name, trace.WithAttributes(about(e)...))
		return
	}
	caller, streams := ctx.Value(callerKey{}).(trace.SpanContext)
	if !streams || span.SpanContext().IsValid() {
		return
	}
	options := []trace.SpanStartOption{trace.WithAttributes(about(e)...)}
	if caller.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: caller}))
	}
	_, root := t.tracer.Start(ctx, name, options...)
	root.End()
}
