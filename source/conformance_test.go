package source_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/source"
)

// rewinding are the traits of what is there from the beginning, and hands it out
// from the beginning in each run.
var rewinding = ergontest.Traits{Order: true, Fixed: true, Ends: true, Rewinds: true}

// shelf is a place whose source is made of all that was published.
func shelf(open func(txs []ergon.Transaction[string]) ergon.Source[string]) func(*testing.T) ergontest.SourceSuite[string] {
	return func(*testing.T) ergontest.SourceSuite[string] {
		var txs []ergon.Transaction[string]
		return ergontest.SourceSuite[string]{
			Open:    func(*testing.T) ergon.Source[string] { return open(txs) },
			Publish: func(_ *testing.T, more ...ergon.Transaction[string]) { txs = append(txs, more...) },
		}
	}
}

func textsOf(txs []ergon.Transaction[string]) []string {
	texts := make([]string, len(txs))
	for i, tx := range txs {
		texts[i] = tx.Payload()
	}
	return texts
}

func TestSourcesInMemoryConform(t *testing.T) {
	kept := rewinding
	kept.IDs, kept.Metadata = true, true
	for _, tt := range []struct {
		name   string
		traits ergontest.Traits
		open   func(txs []ergon.Transaction[string]) ergon.Source[string]
	}{
		{"Slice", rewinding, func(txs []ergon.Transaction[string]) ergon.Source[string] { return source.Slice(textsOf(txs)) }},
		{"Transactions", kept, func(txs []ergon.Transaction[string]) ergon.Source[string] { return source.Transactions(txs...) }},
		{"Seq", rewinding, func(txs []ergon.Transaction[string]) ergon.Source[string] {
			return source.Seq(slices.Values(textsOf(txs)))
		}},
		{"Seq2", rewinding, func(txs []ergon.Transaction[string]) ergon.Source[string] {
			return source.Seq2(func(yield func(string, error) bool) {
				for _, text := range textsOf(txs) {
					if !yield(text, nil) {
						return
					}
				}
			})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) { ergontest.TestSource(t, tt.traits, shelf(tt.open)) })
	}
}

func TestSourcesOfTheWorldOutsideConform(t *testing.T) {
	for _, tt := range []struct {
		name string
		open func(ch chan string) ergon.Source[string]
	}{
		{"Chan", func(ch chan string) ergon.Source[string] { return source.Chan(ch) }},
		{"Func", func(ch chan string) ergon.Source[string] {
			return source.Func(func(ctx context.Context) (string, error) {
				select {
				case text := <-ch:
					return text, nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ergontest.TestSource(t, ergontest.Traits{Order: true, Anonymous: true, Waits: true}, func(*testing.T) ergontest.SourceSuite[string] {
				ch := make(chan string, 20_000)
				return ergontest.SourceSuite[string]{
					Open: func(*testing.T) ergon.Source[string] { return tt.open(ch) },
					Publish: func(_ *testing.T, txs ...ergon.Transaction[string]) {
						for _, text := range textsOf(txs) {
							ch <- text
						}
					},
				}
			})
		})
	}
}

// paper is a file whose source hands out what stands in it, and one that is not
// there.
func paper[T any](open func(path string) ergon.Source[T], write func(f *os.File, payload T) error, payload func(text string) (T, bool), text func(T) string) func(*testing.T) ergontest.SourceSuite[T] {
	return func(t *testing.T) ergontest.SourceSuite[T] {
		path := filepath.Join(t.TempDir(), "test.txt")
		publish := func(t *testing.T, txs ...ergon.Transaction[T]) {
			t.Helper()
			f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			for _, tx := range txs {
				if err := write(f, tx.Payload()); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
		publish(t)
		return ergontest.SourceSuite[T]{
			Open: func(*testing.T) ergon.Source[T] { return open(path) }, Publish: publish, Payload: payload, Text: text,
			Unreachable: func(*testing.T) ergon.Source[T] { return open(path + ".gone") },
		}
	}
}

func TestSourcesOfFilesConform(t *testing.T) {
	t.Run("Lines", func(t *testing.T) {
		ergontest.TestSource(t, rewinding, paper(
			func(path string) ergon.Source[source.Line] { return source.Lines(path) },
			func(f *os.File, line source.Line) error { _, err := fmt.Fprintln(f, line.Text); return err },
			func(text string) (source.Line, bool) {
				return source.Line{Text: text}, !strings.ContainsAny(text, "\r\n")
			},
			func(line source.Line) string { return line.Text }))
	})
	t.Run("JSONLines", func(t *testing.T) {
		ergontest.TestSource(t, rewinding, paper(
			func(path string) ergon.Source[[]byte] { return source.JSONLines(path) },
			func(f *os.File, line []byte) error { _, err := f.Write(append(line, '\n')); return err },
			func(text string) ([]byte, bool) {
				return []byte(text), !strings.ContainsAny(text, "\r\n") && text != ""
			},
			func(line []byte) string { return string(line) }))
	})
	t.Run("CSV", func(t *testing.T) {
		ergontest.TestSource(t, rewinding, paper(
			func(path string) ergon.Source[ergon.Record] {
				return source.CSV(path, source.Header("text", "more"), source.Longest(2<<20))
			},
			func(f *os.File, r ergon.Record) error {
				w := csv.NewWriter(f)
				err := w.Write(r.Fields)
				w.Flush()
				return err
			},
			func(text string) (ergon.Record, bool) {
				return ergon.Record{Fields: []string{text, "more"}}, !strings.Contains(text, "\r\n") // reads as \n
			},
			func(r ergon.Record) string {
				if r.Err != nil {
					return r.Err.Error()
				}
				return r.Fields[0]
			}))
	})
}

// folder is a directory of files.
func folder(t *testing.T) ergontest.SourceSuite[source.File] {
	dir := t.TempDir()
	return ergontest.SourceSuite[source.File]{
		Open: func(*testing.T) ergon.Source[source.File] { return source.Files(dir) },
		Publish: func(t *testing.T, txs ...ergon.Transaction[source.File]) {
			t.Helper()
			for _, tx := range txs {
				if err := os.WriteFile(filepath.Join(dir, tx.Payload().Path), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		},
		Payload: func(text string) (source.File, bool) {
			return source.File{Path: text}, text != "" && strings.Trim(text, "0123456789") == ""
		},
		Text:        func(f source.File) string { return filepath.Base(f.Path) },
		Unreachable: func(*testing.T) ergon.Source[source.File] { return source.Files(filepath.Join(dir, "gone")) },
	}
}

func TestFilesConforms(t *testing.T) {
	traits := rewinding
	traits.Order, traits.Messages = false, 1000 // their order is that of their names
	ergontest.TestSource(t, traits, folder)
}
