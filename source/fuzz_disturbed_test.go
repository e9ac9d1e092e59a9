package source_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

var errDisturbed = errors.New("the disk is busy")

// disturbed is a file system of one file. A script says how much a read brings,
// and when it fails for once.
type disturbed struct {
	text   string
	script []byte
	at     int
}

func (d *disturbed) Open(name string) (fs.File, error) {
	whole, err := fstest.MapFS{"f": {Data: []byte(d.text)}}.Open(name)
	return &disturbedFile{File: whole, by: d}, err
}

// next returns the next byte of the script; 0 once it is at its end.
func (d *disturbed) next() int {
	d.at++
	if d.at > len(d.script) {
		return 0
	}
	return int(d.script[d.at-1])
}

type disturbedFile struct {
	fs.File
	by *disturbed
}

// Read reads some bytes, or none and an error, or some and the error at the same
// time, which is allowed too.
func (f *disturbedFile) Read(into []byte) (int, error) {
	how := f.by.next()
	if how%8 == 7 {
		return 0, errDisturbed
	}
	if how > 0 {
		into = into[:min(len(into), how)]
	}
	n, err := f.File.Read(into)
	if err == nil && how%8 == 6 {
		err = errDisturbed
	}
	return n, err
}

// reader is a source of a text, as what it hands out: an id and a text for each.
type reader struct {
	fetch       func(ctx context.Context, n int) ([]string, error)
	start, stop func(context.Context) error
}

func readerOf[T any](s *source.Text[T]) reader {
	return reader{start: s.Start, stop: s.Stop, fetch: func(ctx context.Context, n int) ([]string, error) {
		txs, err := s.Fetch(ctx, n)
		return shownAs(txs), err
	}}
}

func shownAs[T any](txs []ergon.Transaction[T]) []string {
	var all []string
	for _, tx := range txs {
		all = append(all, fmt.Sprintf("%s %+q", tx.ID(), fmt.Sprint(tx.Payload())))
	}
	return all
}

// readers are the sources of text there are.
func readers(fsys fs.FS, longest int) map[string]reader {
	in, most := source.In(fsys), source.Longest(longest)
	return map[string]reader{
		"lines": readerOf(source.Lines("f", in, most)), "JSON lines": readerOf(source.JSONLines("f", in, most)),
		"CSV": readerOf(source.CSV("f", in, most)), "CSV without a header": readerOf(source.CSV("f", in, most, source.Header())),
	}
}

// all reads to the end, a few at a time, in spite of all that goes wrong.
func (r reader) all(t *testing.T, script []byte) ([]string, error) {
	t.Helper()
	ended, end := context.WithCancel(t.Context())
	end()
	var all []string
	for i := range 1_000_000 {
		ctx, n := t.Context(), 3
		if i < len(script) {
			n = 1 + int(script[i]%5)
			if script[i]%16 == 15 {
				ctx = ended
			}
		}
		some, err := r.fetch(ctx, n)
		if all = append(all, some...); len(some) > n {
			t.Fatalf("asked for %d, got %d", n, len(some))
		}
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil && !errors.Is(err, errDisturbed) && !errors.Is(err, context.Canceled):
			return all, err
		}
	}
	t.Fatal("no end")
	return nil, nil
}

// FuzzDisturbedReading holds that what a text source hands out is the same, ids
// included, however much a read brings, whatever fails for once, whenever a
// context ends, and however often it is begun again.
func FuzzDisturbedReading(f *testing.F) {
	for i, seed := range seeds {
		f.Add(seed, byte(i), 1+i%30, []byte{1, 15, 2, 7, 1, 6, 3, 7, 7, 1, 1, 1, 15, 1, 2, 6})
		f.Add(seed, byte(0), 100, []byte{7, 15, byte(i)})
		f.Add(seed, byte(31), 1000, slices.Repeat([]byte{200, 15, 63, 62}, 200))
	}
	long := "1," + strings.Repeat("x", 700) + ",\"" + strings.Repeat("y\n", 150) + "\"\n" // more than is read at once, when it comes often
	f.Add(long, byte(120), 999, []byte{15, 200, 6, 7})
	f.Add(long, byte(66), 2, []byte{0, 0, 200, 6, 7})
	f.Fuzz(func(t *testing.T, text string, times byte, longest int, script []byte) {
		text, longest = strings.Repeat(text, 1+int(times)), 1+abs(longest)%1000
		if len(text) > 1<<18 {
			return
		}
		quiet := readers(fstest.MapFS{"f": {Data: []byte(text)}}, longest)
		loud := readers(&disturbed{text: text, script: script}, longest)
		for kind, undisturbed := range quiet {
			want, wantErr := undisturbed.all(t, nil)
			checkIDs(t, kind, want)
			got, err := loud[kind].all(t, script)
			if !slices.Equal(got, want) || (err == nil) != (wantErr == nil) {
				t.Fatalf("%s: %q, %v, not %q, %v", kind, got, err, want, wantErr)
			}
			checkAgain(t, kind, loud[kind], want, script)
		}
	})
}

// checkAgain stops the source, begins again, stops in the middle and begins again.
func checkAgain(t *testing.T, kind string, r reader, want []string, script []byte) {
	t.Helper()
	for _, most := range []int{len(script) % (len(want) + 1), len(want)} {
		if err := errors.Join(r.stop(t.Context()), r.start(t.Context())); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		var got []string
		for tries := 0; len(got) < most && tries < 100_000; tries++ {
			some, _ := r.fetch(t.Context(), most-len(got))
			got = append(got, some...)
		}
		if !slices.Equal(got, want[:most]) {
			t.Fatalf("%s, begun again: %q, not %q", kind, got, want[:most])
		}
	}
}

// checkIDs holds that ids are positions that grow.
func checkIDs(t *testing.T, kind string, all []string) {
	t.Helper()
	last := 0
	for _, one := range all {
		var at int
		id, _, _ := strings.Cut(one, " ")
		if n, err := fmt.Sscanf(id, "f:%d", &at); n != 1 || err != nil || at <= last {
			t.Fatalf("%s: the id %q comes after %d", kind, id, last)
		}
		last = at
	}
}

// The file that reads badly reads everything in the end.
func TestADisturbedFileIsAFile(t *testing.T) {
	text := strings.Repeat("abc\n", 1000)
	file, err := (&disturbed{text: text, script: []byte{3, 7, 6, 1, 15, 14}}).Open("f")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for err = errDisturbed; errors.Is(err, errDisturbed); {
		_, err = io.Copy(&got, file)
	}
	if got.String() != text || err != nil {
		t.Fatalf("%d bytes, %v", got.Len(), err)
	}
}
