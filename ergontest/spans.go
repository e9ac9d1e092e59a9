package ergontest

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
)

// Spans is an OpenTelemetry trace.TracerProvider that keeps every span of its
// tracers. A span that is started with a context that holds one is its child, also
// where that came from another process. Ids are numbers, counted from 1.
//
// The zero value is empty and ready to use, in a testing/synctest bubble and
// outside; it must not be copied once it is in use. All methods, those of its
// tracers and spans too, may be called by any goroutine.
type Spans struct {
	embedded.TracerProvider

	mu     sync.Mutex
	all    []*span // in the order in which they began
	traces uint64
	faults []string
}

var _ trace.TracerProvider = (*Spans)(nil)

// Tracer returns a tracer whose spans are kept.
func (s *Spans) Tracer(name string, _ ...trace.TracerOption) trace.Tracer {
	return &tracer{spans: s, name: name}
}

// All returns the spans that have ended, in the order in which they began.
func (s *Spans) All() SpanList { return s.list(true) }

// Open returns the spans that have not ended, in the order in which they began.
func (s *Spans) Open() SpanList { return s.list(false) }

func (s *Spans) list(ended bool) SpanList {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list SpanList
	for _, one := range s.all {
		if one.ended == ended {
			list = append(list, one.record.clone())
		}
	}
	return list
}

// Check fails the test if a span was not ended, or was ended twice, or was changed
// after its end, which a real one would not notice.
func (s *Spans) Check(t testing.TB) {
	t.Helper()
	for _, r := range s.Open() {
		t.Errorf("ergontest: the span %q was not ended", r.Name)
	}
	s.mu.Lock()
	faults := s.faults[:len(s.faults):len(s.faults)]
	s.mu.Unlock()
	for _, fault := range faults {
		t.Errorf("ergontest: %s", fault)
	}
}

// NoSecret fails the test if any of these texts is in any span: in its name, its
// status, or the attributes of it, its events and its links.
func (s *Spans) NoSecret(t testing.TB, secrets ...string) {
	t.Helper()
	var said []utterance
	for _, r := range append(s.All(), s.Open()...) {
		said = append(said, r.utterances()...)
	}
	noSecret(t, said, secrets)
}

// tracer starts spans.
type tracer struct {
	embedded.Tracer
	spans *Spans
	name  string
}

// Start starts a span, inside the one of the context.
func (t *tracer) Start(ctx context.Context, name string, opts ...trace.SpanStartOption) (context.Context, trace.Span) {
	if ctx == nil {
		ctx = context.Background()
	}
	config := trace.NewSpanStartConfig(opts...)
	if config.NewRoot() {
		ctx = trace.ContextWithSpan(ctx, nil)
	}
	one := &span{tracer: t, parent: trace.SpanFromContext(ctx), record: SpanRecord{
		Name: name, Kind: trace.ValidateSpanKind(config.SpanKind()), Scope: t.name, Start: timeOr(config.Timestamp()),
		Parent: trace.SpanContextFromContext(ctx),
	}}
	one.record.set(config.Attributes())
	for _, link := range config.Links() {
		one.record.link(link)
	}
	t.spans.enter(one)
	return trace.ContextWithSpan(ctx, one), one
}

// enter gives a span its ids and keeps it.
func (s *Spans) enter(one *span) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, one)
	parent := one.record.Parent
	config := trace.SpanContextConfig{TraceID: parent.TraceID(), TraceFlags: trace.FlagsSampled, TraceState: parent.TraceState()}
	if !parent.IsValid() {
		s.traces++
		config.TraceID, one.record.Parent = trace.TraceID{}, trace.SpanContext{}
		binary.BigEndian.PutUint64(config.TraceID[8:], s.traces)
	}
	binary.BigEndian.PutUint64(config.SpanID[:], uint64(len(s.all)))
	one.record.SpanContext = trace.NewSpanContext(config)
}

// fault notes that a span was used as it must not be. The caller has the lock.
func (s *Spans) fault(format string, args ...any) {
	if len(s.faults) < mostViolations {
		s.faults = append(s.faults, fmt.Sprintf(format, args...))
	}
}

// timeOr returns a time that was given, or now.
func timeOr(given time.Time) time.Time {
	if given.IsZero() {
		return time.Now()
	}
	return given
}
