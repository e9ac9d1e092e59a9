package ergonotel

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/ergon-go/ergon"
)

// mold is what the spans of one kind at one place have in common.
type mold struct {
	name  string
	kind  trace.SpanStartOption
	fixed []attribute.KeyValue
}

type moldKey struct {
	kind            ergon.Kind
	pipeline, stage string
	at              ergon.Destination
}

// moldOf returns the mold of an event.
func (t *tracing) moldOf(e *ergon.Event) *mold {
	return t.molds.of(moldKey{e.Kind, e.Pipeline, e.Stage, e.Destination}, func() *mold {
		name, kind := called(e)
		return &mold{name, trace.WithSpanKind(kind), fixedOf(e)}
	})
}

// start is what a span is begun with. It is used again: the options copy what they are
// given as soon as they are applied.
type start struct {
	attributes []attribute.KeyValue
	options    []trace.SpanStartOption
}

var starts = sync.Pool{New: func() any {
	return &start{make([]attribute.KeyValue, 0, 12), make([]trace.SpanStartOption, 0, 3)}
}}

// free forgets everything, and gives it back.
func (s *start) free() {
	clear(s.attributes)
	clear(s.options)
	s.attributes, s.options = s.attributes[:0], s.options[:0]
	starts.Put(s)
}
