package ergontest

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// Logs is a slog.Handler that keeps everything that is logged, of all levels:
//
//	var logs ergontest.Logs
//	log := slog.New(&logs)
//
// The zero value is empty and ready to use, in a testing/synctest bubble and
// outside; it must not be copied once it is in use. All its methods may be called
// by any goroutine.
type Logs struct {
	mu  sync.Mutex
	all LogList
}

var _ slog.Handler = (*Logs)(nil)

// Enabled reports that everything is kept.
func (l *Logs) Enabled(context.Context, slog.Level) bool { return true }

// Handle keeps a record.
func (l *Logs) Handle(ctx context.Context, record slog.Record) error {
	return (&logBranch{logs: l}).Handle(ctx, record)
}

// WithAttrs returns a handler that adds attributes to what it keeps in l.
func (l *Logs) WithAttrs(attrs []slog.Attr) slog.Handler {
	return (&logBranch{logs: l}).WithAttrs(attrs)
}

// WithGroup returns a handler that puts the attributes of what it keeps in l into
// a group.
func (l *Logs) WithGroup(name string) slog.Handler { return (&logBranch{logs: l}).WithGroup(name) }

// All returns everything that was logged, in order.
func (l *Logs) All() LogList {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all)
}

func (l *Logs) keep(r LogRecord) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, r)
}

// logBranch is a handler that was derived from Logs.
type logBranch struct {
	logs  *Logs
	attrs []slog.Attr // flattened
	group string      // what keys begin with: "a.b."
}

// Enabled reports that everything is kept.
func (b *logBranch) Enabled(context.Context, slog.Level) bool { return true }

// Handle keeps a record. What it says is put into words now, since what it holds
// may change later.
func (b *logBranch) Handle(_ context.Context, record slog.Record) error {
	r := LogRecord{Time: record.Time, Level: record.Level, Message: record.Message, Attrs: slices.Clone(b.attrs)}
	record.Attrs(func(a slog.Attr) bool {
		r.Attrs = appendFlat(r.Attrs, b.group, a)
		return true
	})
	r.line, _ = wordsOf(r.Level, r.Message, r.Attrs...)
	r.said = utterancesOf(r)
	b.logs.keep(r)
	return nil
}

// WithAttrs returns a handler that adds attributes.
func (b *logBranch) WithAttrs(attrs []slog.Attr) slog.Handler {
	inner := *b
	inner.attrs = slices.Clone(b.attrs)
	for _, a := range attrs {
		inner.attrs = appendFlat(inner.attrs, b.group, a)
	}
	return &inner
}

// WithGroup returns a handler that puts attributes into a group.
func (b *logBranch) WithGroup(name string) slog.Handler {
	inner := *b
	if name != "" {
		inner.group += name + "."
	}
	return &inner
}

// appendFlat appends an attribute, or all of a group, with the names of the groups
// around it in front of its key.
func appendFlat(flat []slog.Attr, group string, a slog.Attr) []slog.Attr {
	value := a.Value.Resolve()
	switch {
	case value.Kind() != slog.KindGroup:
		if a.Key == "" && value.Kind() == slog.KindAny && value.Any() == nil {
			return flat // an empty attribute is none
		}
		return append(flat, slog.Attr{Key: group + a.Key, Value: value})
	case a.Key != "":
		group += a.Key + "."
	}
	for _, inner := range value.Group() {
		flat = appendFlat(flat, group, inner)
	}
	return flat
}

// wordsOf returns a record as handlers of the standard library would write it,
// without its time.
func wordsOf(level slog.Level, message string, attrs ...slog.Attr) (line, json string) {
	var text, object strings.Builder
	record := slog.NewRecord(time.Time{}, level, message, 0)
	record.AddAttrs(attrs...)
	_ = slog.NewTextHandler(&text, nil).Handle(context.Background(), record)
	_ = slog.NewJSONHandler(&object, nil).Handle(context.Background(), record)
	return strings.TrimSuffix(text.String(), "\n"), object.String()
}
