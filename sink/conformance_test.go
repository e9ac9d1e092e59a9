package sink_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/sink"
)

// keeping are the traits that all sinks of this package share.
var keeping = ergontest.Traits{Order: true, Concurrent: true, Duplicates: true}

// written is a sink to a file, as its suite sees it.
type written[T any] struct {
	open    func(path string) ergon.Sink[T]
	read    func(content string) ([]T, error)
	payload func(text string) (T, bool)
	text    func(payload T) string
	refused []T
}

func (w written[T]) suite(t *testing.T) ergontest.SinkSuite[T] {
	dir := t.TempDir()
	path := filepath.Join(dir, "test.txt")
	return ergontest.SinkSuite[T]{
		Open:        func(*testing.T) ergon.Sink[T] { return w.open(path) },
		Unreachable: func(*testing.T) ergon.Sink[T] { return w.open(filepath.Join(dir, "gone", "test.txt")) },
		Payload:     w.payload,
		Text:        w.text,
		Refused:     txs(w.refused...),
		Restart:     func(*testing.T) {}, // what was confirmed is on disk
		Stored: func(t *testing.T) []ergon.Transaction[T] {
			t.Helper()
			content, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			payloads, err2 := w.read(string(content))
			if err := errors.Join(err, err2); err != nil {
				t.Fatal(err)
			}
			return txs(payloads...)
		},
	}
}

// conforms runs the suite on a sink that adds to a file.
func (w written[T]) conforms(t *testing.T) {
	t.Helper()
	traits := keeping
	traits.Durable = true
	ergontest.TestSink(t, traits, w.suite)
}

func lines(content string) ([]string, error) {
	all := strings.Split(content, "\n")
	return all[:len(all)-1], nil
}

func oneLine(text string) (string, bool) { return text, !strings.Contains(text, "\n") }

func TestLinesConforms(t *testing.T) {
	w := written[string]{
		open: func(path string) ergon.Sink[string] { return sink.Lines(path) },
		read: lines, payload: oneLine, refused: []string{"two\nlines"},
	}
	w.conforms(t)
	t.Run("Whole", func(t *testing.T) {
		w.open = func(path string) ergon.Sink[string] { return sink.Whole(sink.Lines(path)) }
		ergontest.TestSink(t, keeping, w.suite)
	})
}

func TestViaConforms(t *testing.T) {
	written[[]byte]{
		open: func(path string) ergon.Sink[[]byte] {
			return sink.Via(func(_ context.Context, text []byte) (string, error) {
				if string(text) == "refused" {
					return "", ergon.Business(errors.New("refused"))
				}
				return string(text), nil
			}, sink.Lines(path))
		},
		read: func(content string) (texts [][]byte, err error) {
			all, err := lines(content)
			for _, text := range all {
				texts = append(texts, []byte(text))
			}
			return texts, err
		},
		payload: func(text string) ([]byte, bool) { _, ok := oneLine(text); return []byte(text), ok },
		refused: [][]byte{[]byte("refused"), []byte("two\nlines")},
	}.conforms(t)
}

// entry is a payload that is not always JSON.
type entry struct {
	Text   string
	Weight float64
}

func TestJSONLinesConforms(t *testing.T) {
	written[entry]{
		open: func(path string) ergon.Sink[entry] { return sink.JSONLines[entry](path) },
		read: func(content string) (entries []entry, err error) {
			all, _ := lines(content)
			for _, line := range all {
				var e entry
				err = errors.Join(err, json.Unmarshal([]byte(line), &e))
				entries = append(entries, e)
			}
			return entries, err
		},
		payload: func(text string) (entry, bool) { return entry{Text: text}, utf8.ValidString(text) },
		text:    func(e entry) string { return e.Text },
		refused: []entry{{Text: "too heavy", Weight: math.Inf(1)}},
	}.conforms(t)
}

func TestCSVConforms(t *testing.T) {
	w := written[[]string]{
		open: func(path string) ergon.Sink[[]string] { return sink.CSV[[]string](path, sink.Header("text", "more")) },
		read: func(content string) ([][]string, error) {
			all, err := csv.NewReader(strings.NewReader(content)).ReadAll()
			return all[min(1, len(all)):], err
		},
		payload: func(text string) ([]string, bool) {
			return []string{text, "more"}, !strings.Contains(text, "\r\n") // the reader of the test makes a newline of it
		},
		text:    func(fields []string) string { return fields[0] },
		refused: [][]string{{"one"}, {"one", "two", "three"}},
	}
	w.conforms(t)
	t.Run("Whole", func(t *testing.T) {
		w.open = func(path string) ergon.Sink[[]string] {
			return sink.Whole(sink.CSV[[]string](path, sink.Header("text", "more")))
		}
		ergontest.TestSink(t, keeping, w.suite)
	})
}

func TestCollectConforms(t *testing.T) {
	traits := keeping
	traits.IDs, traits.Metadata = true, true
	ergontest.TestSink(t, traits, func(*testing.T) ergontest.SinkSuite[string] {
		var c sink.Collect[string]
		return ergontest.SinkSuite[string]{
			Open:   func(*testing.T) ergon.Sink[string] { return &c },
			Stored: func(*testing.T) []ergon.Transaction[string] { return c.Transactions() },
		}
	})
}

func TestChanConforms(t *testing.T) {
	ergontest.TestSink(t, keeping, func(*testing.T) ergontest.SinkSuite[string] {
		ch := make(chan string, 20_000)
		var all []string
		return ergontest.SinkSuite[string]{
			Open: func(*testing.T) ergon.Sink[string] { return sink.Chan(ch) },
			Stored: func(*testing.T) []ergon.Transaction[string] {
				for len(ch) > 0 {
					all = append(all, <-ch)
				}
				return txs(all...)
			},
		}
	})
}

// ledger stores what functions are given.
type ledger struct {
	mu  sync.Mutex
	all []string
}

func (l *ledger) add(_ context.Context, text string) error {
	if text == "refused" {
		return ergon.Business(errors.New("refused"))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, text)
	return nil
}

func (l *ledger) addAll(ctx context.Context, txs []ergon.Transaction[string]) error {
	errs, bad := make(ergon.ItemErrors, len(txs)), false
	for i, tx := range txs {
		errs[i] = l.add(ctx, tx.Payload())
		bad = bad || errs[i] != nil
	}
	if bad {
		return errs
	}
	return nil
}

func TestSinksOfFunctionsConform(t *testing.T) {
	for _, tt := range []struct {
		name string
		open func(l *ledger) ergon.Sink[string]
	}{
		{"Func", func(l *ledger) ergon.Sink[string] { return sink.Func(l.addAll) }},
		{"Each", func(l *ledger) ergon.Sink[string] { return sink.Each(l.add) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ergontest.TestSink(t, keeping, func(*testing.T) ergontest.SinkSuite[string] {
				var l ledger
				return ergontest.SinkSuite[string]{
					Open:    func(*testing.T) ergon.Sink[string] { return tt.open(&l) },
					Stored:  func(*testing.T) []ergon.Transaction[string] { return txs(l.all...) },
					Refused: txs("refused"),
				}
			})
		})
	}
}
