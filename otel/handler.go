package ergonotel

import (
	"context"
	"log/slog"
	"net/url"
	"slices"

	"go.opentelemetry.io/otel/trace"
)

// Handler returns a slog.Handler that gives every record what its context knows: the
// pipeline, stage, transaction and attempt that user code works on, where Logs watches
// the pipeline, and trace_id and span_id, where Tracing does. They stand at the top of
// the record, whatever groups the logger has open. A record whose context knows nothing
// gets nothing.
//
// The message and all text, errors and URLs are shown as Scrub has them: credentials
// replaced by ***, on one line, cut at ergon.LongestText. Every value, a group too, whose
// name looks like that of a credential (it has password, secret, token, signature or
// api key in it, or is authorization, cookie or DSN) is ***, but for numbers and times,
// unless Allow names it. Values of other types are handed on as they are.
func Handler(next slog.Handler, options ...HandlerOption) slog.Handler {
	if next == nil {
		panic("ergonotel: Handler: the handler is nil")
	}
	h := &handler{next: next, top: next, allowed: map[string]bool{}}
	for _, set := range options {
		set(h)
	}
	return h
}

// HandlerOption tunes a Handler.
type HandlerOption func(*handler)

// Allow shows the values of these names as they are, whatever they look like.
func Allow(names ...string) HandlerOption {
	return func(h *handler) {
		for _, name := range names {
			h.allowed[name] = true
		}
	}
}

// handler keeps what was before the first group, so that it can write at the top.
type handler struct {
	next    slog.Handler
	top     slog.Handler                      // next, as it was before the first group
	since   []func(slog.Handler) slog.Handler // what was done to it from there on
	allowed map[string]bool
}

func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	shown := slog.NewRecord(r.Time, r.Level, Scrub(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		shown.AddAttrs(h.clean(a))
		return true
	})
	known := knownOf(ctx)
	if len(known) > 0 {
		ctx = context.WithValue(ctx, toldKey{}, true) // one of ours behind this one need not say it again
	}
	switch {
	case len(known) == 0:
		return h.next.Handle(ctx, shown)
	case len(h.since) == 0:
		shown.AddAttrs(known...)
		return h.next.Handle(ctx, shown)
	}
	next := h.top.WithAttrs(known)
	for _, do := range h.since {
		next = do(next)
	}
	return next.Handle(ctx, shown)
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = h.clean(a)
	}
	return h.and(func(next slog.Handler) slog.Handler { return next.WithAttrs(clean) }, false)
}

func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.and(func(next slog.Handler) slog.Handler { return next.WithGroup(name) }, true)
}

// and returns the handler after one more thing was done to it.
func (h *handler) and(do func(slog.Handler) slog.Handler, group bool) *handler {
	more := &handler{next: do(h.next), top: h.top, since: h.since, allowed: h.allowed}
	if group || len(h.since) > 0 {
		more.since = append(slices.Clip(h.since), do)
	} else {
		more.top = more.next
	}
	return more
}

// clean returns an attribute as it may be shown.
func (h *handler) clean(a slog.Attr) slog.Attr {
	if h.allowed[a.Key] {
		return a
	}
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindBool, slog.KindDuration, slog.KindFloat64, slog.KindInt64, slog.KindUint64, slog.KindTime:
		return slog.Attr{Key: a.Key, Value: value} // no credential is one of these
	}
	switch {
	case secret(a.Key):
		return slog.String(a.Key, hidden)
	case value.Kind() == slog.KindGroup:
		group := slices.Clone(value.Group())
		for i := range group {
			group[i] = h.clean(group[i])
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(group...)}
	case value.Kind() == slog.KindString:
		return slog.String(a.Key, Scrub(value.String()))
	}
	switch v := value.Any().(type) {
	case error:
		return slog.String(a.Key, shown(v))
	case *url.URL:
		if v != nil {
			return slog.String(a.Key, Scrub(v.Redacted()))
		}
	case url.URL:
		return slog.String(a.Key, Scrub(v.Redacted()))
	case []byte:
		return slog.String(a.Key, Scrub(string(v)))
	case []string:
		shown := make([]string, len(v))
		for i := range v {
			shown[i] = Scrub(v[i])
		}
		return slog.Any(a.Key, shown)
	}
	return slog.Attr{Key: a.Key, Value: value}
}

// knownOf returns what a context knows.
func knownOf(ctx context.Context) []slog.Attr {
	if ctx == nil || ctx.Value(toldKey{}) != nil {
		return nil
	}
	var known []slog.Attr
	if w, some := ctx.Value(whereKey{}).(*where); some {
		known = w.attrs(known)
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		known = append(known, slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	return known
}

// PipelineOf returns the name of the pipeline that a context belongs to, where Logs
// watches it; "" otherwise. It is for handlers that treat pipelines differently.
func PipelineOf(ctx context.Context) string {
	if ctx == nil {
		return ""
	}
	if w, some := ctx.Value(whereKey{}).(*where); some {
		return w.pipeline
	}
	return ""
}

// toldKey marks the context of a record that has what it knows.
type toldKey struct{}

// whereKey finds where in a pipeline a context is.
type whereKey struct{}

// where is where in a pipeline user code is called.
type where struct {
	pipeline, stage, id string
	attempt             int
}

func (w *where) attrs(all []slog.Attr) []slog.Attr {
	all = append(all, slog.String("pipeline", w.pipeline))
	if w.stage != "" {
		all = append(all, slog.String("stage", w.stage))
	}
	if w.id != "" {
		all = append(all, slog.String("transaction", visible(w.id)))
	}
	if w.attempt > 0 {
		all = append(all, slog.Int("attempt", w.attempt))
	}
	return all
}
