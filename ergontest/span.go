package ergontest

import (
	"fmt"
	"runtime/debug"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
)

// span is one of Spans, whose lock guards what changes of it.
type span struct {
	embedded.Span
	tracer *tracer
	parent trace.Span
	record SpanRecord
	ended  bool
}

var _ trace.Span = (*span)(nil)

// write changes the record, unless the span has ended.
func (s *span) write(what string, change func(r *SpanRecord)) {
	s.tracer.spans.mu.Lock()
	defer s.tracer.spans.mu.Unlock()
	if s.ended {
		s.tracer.spans.fault("the span %q has ended, and then: %s", s.record.Name, what)
		return
	}
	change(&s.record)
}

// End ends the span.
func (s *span) End(options ...trace.SpanEndOption) {
	config := trace.NewSpanEndConfig(options...)
	at := timeOr(config.Timestamp())
	s.write("End", func(r *SpanRecord) { r.End, s.ended = at, true })
}

// AddEvent adds an event.
func (s *span) AddEvent(name string, options ...trace.EventOption) {
	config := trace.NewEventConfig(options...)
	event := SpanEvent{Name: name, Time: timeOr(config.Timestamp()), Attributes: withAttributes(nil, config.Attributes())}
	s.write("AddEvent", func(r *SpanRecord) { r.Events = append(r.Events, event) })
}

// AddLink adds a link.
func (s *span) AddLink(link trace.Link) {
	s.write("AddLink", func(r *SpanRecord) { r.link(link) })
}

// RecordError adds an event of the name that OpenTelemetry gives to errors.
func (s *span) RecordError(err error, options ...trace.EventOption) {
	if err == nil {
		return
	}
	about := []attribute.KeyValue{
		attribute.String("exception.type", fmt.Sprintf("%T", err)),
		attribute.String("exception.message", err.Error()),
	}
	config := trace.NewEventConfig(options...)
	if config.StackTrace() {
		about = append(about, attribute.String(stackKey, string(debug.Stack())))
	}
	s.AddEvent("exception", append(options[:len(options):len(options)], trace.WithAttributes(about...))...)
}

// stackKey is the key of what no comparison wants to see.
const stackKey = "exception.stacktrace"

// IsRecording reports whether the span has not ended.
func (s *span) IsRecording() bool {
	s.tracer.spans.mu.Lock()
	defer s.tracer.spans.mu.Unlock()
	return !s.ended
}

// SpanContext returns the ids.
func (s *span) SpanContext() trace.SpanContext { return s.record.SpanContext }

// SetStatus sets the status: an OK is final, and only errors are described.
func (s *span) SetStatus(code codes.Code, description string) {
	s.write("SetStatus", func(r *SpanRecord) {
		if r.Status == codes.Ok || code == codes.Unset {
			return
		}
		if code != codes.Error {
			description = ""
		}
		r.Status, r.Description = code, description
	})
}

// SetName renames the span.
func (s *span) SetName(name string) {
	s.write("SetName", func(r *SpanRecord) { r.Name = name })
}

// SetAttributes sets attributes, in place of those of the same keys.
func (s *span) SetAttributes(attrs ...attribute.KeyValue) {
	s.write("SetAttributes", func(r *SpanRecord) { r.set(attrs) })
}

// TracerProvider returns the Spans.
func (s *span) TracerProvider() trace.TracerProvider { return s.tracer.spans }
