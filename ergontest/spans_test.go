package ergontest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

func TestSpansAreNestedAsTheirContexts(t *testing.T) {
	is := is.New(t)
	var spans, others Spans
	tracer := spans.Tracer("kit")
	ctx, run := tracer.Start(context.Background(), "run")
	inner, batch := spans.Tracer("another").Start(ctx, "batch", trace.WithSpanKind(trace.SpanKindConsumer))
	_, root := tracer.Start(inner, "root", trace.WithNewRoot())
	foreign, elsewhere := others.Tracer("").Start(inner, "elsewhere")
	_, below := tracer.Start(foreign, "below")
	sent := trace.ContextWithRemoteSpanContext(context.Background(), batch.SpanContext())
	_, received := tracer.Start(sent, "received")
	for _, s := range []trace.Span{received, below, elsewhere, root, batch, run} {
		s.End()
	}
	all := spans.All()
	is.Equal(len(all), 5)
	is.Equal(all[0].Parent.IsValid(), false)
	is.Equal(all[1].Parent.SpanID(), all[0].SpanContext.SpanID())
	is.Equal([]string{all[0].Scope, all[1].Scope}, []string{"kit", "another"})
	is.Equal(all[1].SpanContext.TraceID(), all[0].SpanContext.TraceID())
	is.True(all[2].SpanContext.TraceID() != all[0].SpanContext.TraceID())
	is.Equal(all[3].Parent, elsewhere.SpanContext())
	is.Equal(all[4].Parent.SpanID(), batch.SpanContext().SpanID())
	is.True(all[0].SpanContext.IsSampled())
	is.Equal(trace.SpanFromContext(inner), batch)
	is.Equal(batch.TracerProvider(), &spans)
	spans.Check(t)
	var none context.Context
	ctx, alone := tracer.Start(none, "alone")
	is.Equal(trace.SpanFromContext(ctx), alone)
}

func TestWhatASpanKeeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var spans Spans
		began := time.Now()
		given := []attribute.KeyValue{attribute.Int("n", 1), {}, attribute.String("a", "x")}
		_, s := spans.Tracer("kit").Start(t.Context(), "old", trace.WithAttributes(given...), trace.WithTimestamp(began.Add(-time.Second)),
			trace.WithLinks(trace.Link{Attributes: given}))
		given[0] = attribute.Int("changed", 1)
		s.SetName("new")
		s.SetAttributes(attribute.Int("n", 2))
		time.Sleep(time.Second)
		s.AddEvent("seen", trace.WithAttributes(attribute.Bool("b", true)))
		s.RecordError(nil)
		s.RecordError(errTest, trace.WithStackTrace(true), trace.WithAttributes(attribute.Bool("b", true)))
		s.SetStatus(codes.Error, "no connection")
		s.AddLink(trace.Link{})
		is.True(s.IsRecording())
		is.Equal(spans.Open()[0].Took(), time.Duration(0))
		s.End()
		is.True(!s.IsRecording())
		r := spans.All()[0]
		is.Equal([]any{r.Name, r.Kind, r.Took(), len(r.Links)}, []any{"new", trace.SpanKindInternal, 2 * time.Second, 2})
		is.Equal(r.Attributes, []attribute.KeyValue{attribute.Int("n", 2), attribute.String("a", "x")})
		is.Equal(len(r.Links[0].Attributes), 2)
		is.Equal([]any{r.Events[0].Name, r.Events[0].Time.Sub(began)}, []any{"seen", time.Second})
		is.Equal(r.Events[1].Attributes[:3], []attribute.KeyValue{
			attribute.Bool("b", true), attribute.String("exception.type", "*errors.errorString"), attribute.String("exception.message", "no connection"),
		})
		is.Equal([]any{r.Status, r.Description}, []any{codes.Error, "no connection"})
		_, ok := r.Value("changed")
		is.True(!ok)
		is.Equal(spans.Tree(), "new a=\"x\" n=2 error: no connection\n  * seen b=true\n"+
			"  * exception b=true exception.message=\"no connection\" exception.type=\"*errors.errorString\"\n"+
			"  -> one that is elsewhere a=\"x\" n=1\n  -> one that is elsewhere\n")
	})
}

func TestStatusOfASpan(t *testing.T) {
	type status struct {
		code        codes.Code
		description string
	}
	tests := []struct {
		name string
		set  []status
		want status
	}{
		{"none", nil, status{}},
		{"unset is none", []status{{codes.Unset, "x"}}, status{}},
		{"only errors are described", []status{{codes.Ok, "x"}}, status{codes.Ok, ""}},
		{"the last error", []status{{codes.Error, "a"}, {codes.Error, "b"}, {codes.Unset, ""}}, status{codes.Error, "b"}},
		{"ok is final", []status{{codes.Error, "a"}, {codes.Ok, ""}, {codes.Error, "b"}}, status{codes.Ok, ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var spans Spans
			_, s := spans.Tracer("").Start(t.Context(), "a")
			for _, one := range tt.set {
				s.SetStatus(one.code, one.description)
			}
			s.End()
			is.Equal(status{spans.All()[0].Status, spans.All()[0].Description}, tt.want)
			is.Equal(len(spans.All().Failed()) == 1, tt.want.code == codes.Error)
		})
	}
}

func TestSpansAreChecked(t *testing.T) {
	is := is.New(t)
	var spans Spans
	_, a := spans.Tracer("").Start(t.Context(), "a")
	_, _ = spans.Tracer("").Start(t.Context(), "b")
	a.End()
	a.End()
	a.SetName("c")
	a.AddEvent("d")
	passed, printed := judged(is, spans.checking)
	is.True(!passed)
	for _, fault := range []string{`the span "b" was not ended`, `the span "a" has ended, and then: End`, "and then: SetName", "and then: AddEvent"} {
		is.True(strings.Contains(printed, fault))
	}
	is.Equal(spans.All()[0].Name, "a") // what was written too late is not kept
	is.Equal(spans.Tree(), "a\nb (not ended)\n")
}

// checking is Check, as a test.
func (s *Spans) checking(t *testing.T) { s.Check(t) }

// The tree of a run is the same whatever its goroutines did first.
func TestTreeIsTheSame(t *testing.T) {
	want := "run\n  a (producer) k=1\n    b\n  a (producer) k=2\n    -> a k=9\n    b\n  z\n"
	for _, order := range [][]int{{1, 2}, {2, 1}} {
		synctest.Test(t, func(t *testing.T) {
			is := is.New(t)
			var spans Spans
			tracer := spans.Tracer("")
			ctx, run := tracer.Start(t.Context(), "run")
			made := map[int]trace.Span{}
			for _, k := range order {
				inner, a := tracer.Start(ctx, "a", trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(attribute.Int("k", k)))
				_, b := tracer.Start(inner, "b")
				b.End()
				made[k] = a
			}
			made[2].AddLink(trace.Link{SpanContext: made[1].SpanContext(), Attributes: []attribute.KeyValue{attribute.Int("k", 9)}})
			time.Sleep(time.Nanosecond)
			_, z := tracer.Start(ctx, "z")
			for _, s := range []trace.Span{made[1], made[2], z, run} {
				s.End()
			}
			is.Equal(spans.Tree(), want)
			is.Equal(spans.Tree("x"), "run\n  a (producer)\n    -> a\n    b\n  a (producer)\n    b\n  z\n")
		})
	}
}

func TestNoSecretIsInSpans(t *testing.T) {
	const secret = "s3cret"
	tests := []struct {
		name string
		do   func(s trace.Span)
		want string // empty: it is not there
	}{
		{"nowhere", func(trace.Span) {}, ""},
		{"in a name", func(s trace.Span) { s.SetName("a " + secret) }, "in a span, in its name"},
		{"in a status", func(s trace.Span) { s.SetStatus(codes.Error, secret) }, `in the span "a", in its status`},
		{"in a value", func(s trace.Span) { s.SetAttributes(attribute.String("pin", secret)) }, `in the attribute "pin"`},
		{"in a key", func(s trace.Span) { s.SetAttributes(attribute.Int(secret, 1)) }, "in the attribute"},
		{"in several values", func(s trace.Span) { s.SetAttributes(attribute.StringSlice("pins", []string{"a", secret})) }, `in the attribute "pins"`},
		{"in an error", func(s trace.Span) { s.RecordError(errors.New(secret)) }, `"exception.message" of its event "exception"`},
		{"in the name of an event", func(s trace.Span) { s.AddEvent(secret) }, "in the name of an event"},
		{"in a link", func(s trace.Span) {
			s.AddLink(trace.Link{Attributes: []attribute.KeyValue{attribute.String("pin", secret)}})
		}, "of a link"},
	}
	for _, tt := range tests {
		for _, ended := range []bool{true, false} {
			t.Run(tt.name, func(t *testing.T) {
				is := is.New(t)
				var spans Spans
				_, s := spans.Tracer("").Start(t.Context(), "a")
				tt.do(s)
				if ended {
					s.End()
				}
				passed, printed := judged(is, func(t *testing.T) { spans.NoSecret(t, secret) })
				is.Equal(passed, tt.want == "")
				is.True(strings.Contains(printed, tt.want))
			})
		}
	}
}

func TestSpansByManyAtOnce(t *testing.T) {
	is := is.New(t)
	var spans Spans
	ctx, run := spans.Tracer("").Start(t.Context(), "run")
	done := make([]<-chan error, 20)
	for i := range done {
		done[i] = async(func() error {
			_, s := spans.Tracer("").Start(ctx, "inner")
			run.SetAttributes(attribute.Int("i", i))
			_ = spans.Tree()
			s.End()
			return nil
		})
	}
	for _, d := range done {
		is.NoErr(<-d)
	}
	run.End()
	is.Equal(len(spans.All().Named("inner")), 20)
	is.Equal(strings.Count(spans.Tree(), "\n  inner"), 20)
}
