package ergontest

import (
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// SpanRecord is a span as it is now, or was at its end.
type SpanRecord struct {
	Name        string
	Kind        trace.SpanKind
	Scope       string // the name of its tracer
	Attributes  []attribute.KeyValue
	Events      []SpanEvent
	Links       []trace.Link
	Status      codes.Code
	Description string            // of the status
	SpanContext trace.SpanContext // its ids
	Parent      trace.SpanContext // not valid where there is none
	Start       time.Time
	End         time.Time // zero where it has not ended
}

// SpanEvent is something that happened in a span.
type SpanEvent struct {
	Name       string
	Time       time.Time
	Attributes []attribute.KeyValue
}

// Took returns how long it took; 0 where it has not ended.
func (r SpanRecord) Took() time.Duration {
	if r.End.IsZero() {
		return 0
	}
	return r.End.Sub(r.Start)
}

// Value returns the value of an attribute, and whether there is one.
func (r SpanRecord) Value(key attribute.Key) (attribute.Value, bool) {
	for _, a := range r.Attributes {
		if a.Key == key {
			return a.Value, true
		}
	}
	return attribute.Value{}, false
}

// set sets attributes, in place of those of the same keys.
func (r *SpanRecord) set(attrs []attribute.KeyValue) {
	r.Attributes = withAttributes(r.Attributes, attrs)
}

func (r *SpanRecord) link(l trace.Link) {
	l.Attributes = withAttributes(nil, l.Attributes)
	r.Links = append(r.Links, l)
}

// clone returns a copy that shares nothing that changes.
func (r SpanRecord) clone() SpanRecord {
	r.Attributes, r.Events, r.Links = slices.Clone(r.Attributes), slices.Clone(r.Events), slices.Clone(r.Links)
	return r
}

// withAttributes returns attributes with others, which win, and without those that
// are not valid.
func withAttributes(attrs, more []attribute.KeyValue) []attribute.KeyValue {
	all := slices.Clone(attrs)
	for _, a := range more {
		if !a.Valid() {
			continue
		}
		if at := slices.IndexFunc(all, func(b attribute.KeyValue) bool { return b.Key == a.Key }); at >= 0 {
			all[at] = a
			continue
		}
		all = append(all, a)
	}
	return all
}

// SpanList is some of the spans, in order. Each of its methods leaves a part of it.
type SpanList []SpanRecord

// Named returns the spans of one of these names.
func (l SpanList) Named(names ...string) SpanList {
	return l.where(func(r SpanRecord) bool { return slices.Contains(names, r.Name) })
}

// Of returns the spans of one of these kinds.
func (l SpanList) Of(kinds ...trace.SpanKind) SpanList {
	return l.where(func(r SpanRecord) bool { return slices.Contains(kinds, r.Kind) })
}

// With returns the spans that have all of these attributes.
func (l SpanList) With(attrs ...attribute.KeyValue) SpanList {
	return l.where(func(r SpanRecord) bool {
		return !slices.ContainsFunc(attrs, func(a attribute.KeyValue) bool {
			value, ok := r.Value(a.Key)
			return !ok || value != a.Value
		})
	})
}

// Failed returns the spans whose status is an error.
func (l SpanList) Failed() SpanList {
	return l.where(func(r SpanRecord) bool { return r.Status == codes.Error })
}

func (l SpanList) where(wanted func(SpanRecord) bool) SpanList {
	var part SpanList
	for _, r := range l {
		if wanted(r) {
			part = append(part, r)
		}
	}
	return part
}

// utterances returns what a span says, part by part.
func (r SpanRecord) utterances() []utterance {
	of := fmt.Sprintf("the span %q, ", r.Name)
	all := []utterance{{"a span, in its name", []string{r.Name}}, {of + "in its status", []string{r.Description}}}
	add := func(where string, attrs []attribute.KeyValue) {
		for _, a := range attrs {
			all = append(all, utterance{fmt.Sprintf("%sin the attribute %q%s", of, a.Key, where), []string{string(a.Key), a.Value.String()}})
		}
	}
	add("", r.Attributes)
	for _, e := range r.Events {
		all = append(all, utterance{of + "in the name of an event", []string{e.Name}})
		add(fmt.Sprintf(" of its event %q", e.Name), e.Attributes)
	}
	for _, l := range r.Links {
		add(" of a link", l.Attributes)
	}
	return all
}
