package ergontest

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon/ergontest/internal/diff"
)

// LogRecord is one thing that was logged.
type LogRecord struct {
	Time    time.Time
	Level   slog.Level
	Message string
	// Attrs are its attributes and those of the logger, in order. Keys begin with
	// the groups around them, as in "request.size", and no value is a group or a
	// slog.LogValuer.
	Attrs []slog.Attr

	line string      // as it was when it was logged
	said []utterance // likewise
}

// Value returns the value of a key, the last where there are several, and whether
// there is one. The key begins with the groups around it: "request.size".
func (r LogRecord) Value(key string) (slog.Value, bool) {
	for _, a := range slices.Backward(r.Attrs) {
		if a.Key == key {
			return a.Value, true
		}
	}
	return slog.Value{}, false
}

// String is the record as slog.TextHandler would write it, without its time.
func (r LogRecord) String() string { return r.line }

// LogList is some of what was logged, in order. Each of its methods leaves a part
// of it:
//
//	logs.All().Level(slog.LevelWarn).Saying("retry").With(slog.String("stage", "price"))
type LogList []LogRecord

// Level returns what was logged at one of these levels.
func (l LogList) Level(levels ...slog.Level) LogList {
	return l.where(func(r LogRecord) bool { return slices.Contains(levels, r.Level) })
}

// Saying returns what has some text in its message.
func (l LogList) Saying(text string) LogList {
	return l.where(func(r LogRecord) bool { return strings.Contains(r.Message, text) })
}

// With returns what has all of these attributes. Keys begin with the groups around
// them; a group stands for all that is in it.
func (l LogList) With(attrs ...slog.Attr) LogList {
	var flat []slog.Attr
	for _, a := range attrs {
		flat = appendFlat(flat, "", a)
	}
	return l.where(func(r LogRecord) bool { return r.has(flat) })
}

func (l LogList) where(wanted func(LogRecord) bool) LogList {
	var part LogList
	for _, r := range l {
		if wanted(r) {
			part = append(part, r)
		}
	}
	return part
}

// has reports whether a record has all of some attributes.
func (r LogRecord) has(attrs []slog.Attr) bool {
	for _, a := range attrs {
		value, ok := r.Value(a.Key)
		if !ok || value.Kind() != a.Value.Kind() || diff.Of(a.Value.Any(), value.Any()) != "" {
			return false
		}
	}
	return true
}

// Contains fails the test unless something was logged at this level, with this
// text in its message and with all of these attributes.
func (l *Logs) Contains(t testing.TB, level slog.Level, text string, attrs ...slog.Attr) {
	t.Helper()
	all := l.All()
	if len(all.Level(level).Saying(text).With(attrs...)) == 0 {
		t.Errorf("ergontest: this was not logged:\n\t%s\nwhat was:\n%s", wantedLog(level, text, attrs), all.text())
	}
}

func wantedLog(level slog.Level, text string, attrs []slog.Attr) string {
	wanted := fmt.Sprintf("%v, saying %q", level, text)
	if len(attrs) > 0 {
		wanted += fmt.Sprintf(", with %v", attrs)
	}
	return wanted
}

// text is a list in a message, a line for each.
func (l LogList) text() string {
	if len(l) == 0 {
		return "\tnothing"
	}
	var lines []string
	for _, r := range l[:min(len(l), mostHappened)] {
		lines = append(lines, "\t"+r.String())
	}
	if more := len(l) - mostHappened; more > 0 {
		lines = append(lines, fmt.Sprintf("\tand %d more", more))
	}
	return strings.Join(lines, "\n")
}
