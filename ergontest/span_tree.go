package ergontest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Tree returns all spans as text, to be compared: each on a line of its own, below
// its parent, with its kind unless that is internal, its attributes in the order
// of their keys, and its status; then its events and links, and the spans inside
// it. Of the attributes only those of the given keys are shown, if any are given.
//
//	run
//	  transaction (consumer) id="orders:7"
//	    attempt stage="price" error: no connection
//	      * exception exception.message="no connection"
//
// Spans inside the same one stand in the order in which they began, those of one
// instant in that of their text: the same run has the same tree. No times, ids and
// stacks are in it.
func (s *Spans) Tree(keys ...attribute.Key) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	tree := spanTree{keys: keys, of: map[trace.SpanID]*span{}, inside: map[*span][]*span{}}
	for _, one := range s.all {
		tree.of[one.record.SpanContext.SpanID()] = one
	}
	for _, one := range s.all {
		parent := tree.parent(one)
		tree.inside[parent] = append(tree.inside[parent], one)
	}
	return tree.below(nil, "")
}

// spanTree is what Tree knows of the spans.
type spanTree struct {
	keys   []attribute.Key
	of     map[trace.SpanID]*span
	inside map[*span][]*span // nil: what has no parent here
}

// parent returns the span that another is inside of, or nil where that is
// elsewhere.
func (t spanTree) parent(one *span) *span {
	if parent, ok := one.parent.(*span); ok && parent.tracer.spans == one.tracer.spans {
		return parent
	}
	return t.linked(one.record.Parent)
}

// linked returns the span of some ids, or nil where that is elsewhere.
func (t spanTree) linked(ids trace.SpanContext) *span {
	if one := t.of[ids.SpanID()]; one != nil && one.record.SpanContext.TraceID() == ids.TraceID() {
		return one
	}
	return nil
}

// below returns the text of all spans inside one.
func (t spanTree) below(parent *span, indent string) string {
	type branch struct {
		*span
		text string
	}
	var branches []branch
	for _, one := range t.inside[parent] {
		branches = append(branches, branch{one, t.text(one, indent) + t.below(one, indent+"  ")})
	}
	slices.SortStableFunc(branches, func(a, b branch) int {
		if byStart := a.record.Start.Compare(b.record.Start); byStart != 0 {
			return byStart
		}
		return strings.Compare(a.text, b.text)
	})
	var all strings.Builder
	for _, b := range branches {
		all.WriteString(b.text)
	}
	return all.String()
}

// text returns the lines of a span itself.
func (t spanTree) text(one *span, indent string) string {
	r := one.record
	line := indent + r.Name
	if r.Kind != trace.SpanKindInternal {
		line += " (" + r.Kind.String() + ")"
	}
	line += t.attributes(r.Attributes)
	switch r.Status {
	case codes.Error:
		line += " error: " + r.Description
	case codes.Ok:
		line += " ok"
	}
	if !one.ended {
		line += " (not ended)"
	}
	if r.Parent.IsValid() && t.parent(one) == nil {
		line += " (inside one that is elsewhere)"
	}
	for _, e := range r.Events {
		line += "\n" + indent + "  * " + e.Name + t.attributes(e.Attributes)
	}
	for _, l := range r.Links {
		line += "\n" + indent + "  -> " + t.name(l.SpanContext) + t.attributes(l.Attributes)
	}
	return line + "\n"
}

func (t spanTree) name(ids trace.SpanContext) string {
	if one := t.linked(ids); one != nil {
		return one.record.Name
	}
	return "one that is elsewhere"
}

// attributes shows those that are to be shown.
func (t spanTree) attributes(attrs []attribute.KeyValue) string {
	var shown []string
	for _, a := range attrs {
		if a.Key != stackKey && (len(t.keys) == 0 || slices.Contains(t.keys, a.Key)) {
			shown = append(shown, " "+shownAttribute(a))
		}
	}
	slices.Sort(shown)
	return strings.Join(shown, "")
}

func shownAttribute(a attribute.KeyValue) string {
	if a.Value.Type() == attribute.STRING {
		return string(a.Key) + "=" + strconv.Quote(a.Value.AsString())
	}
	return fmt.Sprintf("%s=%s", a.Key, a.Value.String())
}
