package source_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

// write makes a file of the machine and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFileThatCannotBeOpenedEndsTheRun(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no", "such.csv")
	dir := t.TempDir()
	tests := []struct {
		name, path string
		want       error
	}{{"missing", missing, fs.ErrNotExist}, {"a directory", dir, nil}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			s := source.CSV(tt.path)
			_, fetch := s.Fetch(t.Context(), 1)
			_, count := s.Count(t.Context())
			for _, err := range []error{s.Start(t.Context()), fetch, count} {
				steering, _ := ergon.SteeringOf(err)
				is.Equal(steering, ergon.SteerPermanent)
				is.True(strings.Contains(err.Error(), tt.path)) // as it was given
				is.True(tt.want == nil || errors.Is(err, tt.want))
			}
			is.NoErr(s.Validate())
			is.NoErr(s.Stop(t.Context()))
		})
	}
}

func TestATextBeginsAgainAtStartOnlyAfterStop(t *testing.T) {
	is := is.New(t)
	path := write(t, "f", "1\n2\n3\n")
	s := source.Lines(path, source.Named("n"))
	txs, err := s.Fetch(t.Context(), 1) // without Start
	is.NoErr(err)
	is.Equal(ids(txs), []string{"n:1"})
	is.NoErr(s.Start(t.Context()))
	is.Equal(count(t, s), 3)
	_, err = s.Fetch(t.Context(), 2)
	is.NoErr(err)
	is.NoErr(s.Start(t.Context())) // changes nothing
	is.Equal(count(t, s), 1)
	is.Equal(ids(drain(t, s, 2)), []string{"n:3"})
	_, err = s.Fetch(t.Context(), 2)
	is.True(eof(err))
	is.NoErr(s.Stop(t.Context()))
	is.NoErr(s.Stop(t.Context()))
	is.NoErr(os.WriteFile(path, []byte("4\n"), 0o600))
	is.NoErr(s.Start(t.Context()))
	is.Equal(count(t, s), 1)
	is.Equal(drain(t, s, 2)[0].Payload().Text, "4")
	is.NoErr(s.Stop(t.Context()))
}

// opened is a file system of one file, given as its reader.
type opened struct{ fs.File }

func (o opened) Open(string) (fs.File, error) { return o.File, nil }

// slowFile returns a byte at a time and notes whether it was closed.
type slowFile struct {
	fs.File
	read   func([]byte) (int, error)
	closed bool
}

func (f *slowFile) Read(p []byte) (int, error) { return f.read(p) }
func (f *slowFile) Close() error               { f.closed = true; return nil }

func TestATextIsReadWhateverTheReaderReturnsAtOnce(t *testing.T) {
	is := is.New(t)
	text := "\ufeffa,b\r\n1,\"2\n2\"\r\n\r\n3,4"
	f := &slowFile{read: iotest.OneByteReader(strings.NewReader(text)).Read}
	s := source.CSV("f", source.In(opened{f}))
	txs := drain(t, s, 10)
	is.Equal(len(txs), 2)
	is.Equal(txs[0].Payload().Fields, []string{"1", "2\n2"})
	is.Equal(txs[1].Payload().Line, 5)
	is.NoErr(s.Stop(t.Context()))
	is.True(f.closed)
}

func TestAReadErrorLosesNothingAndMayPass(t *testing.T) {
	is := is.New(t)
	text := strings.NewReader("one\ntwo\nthree\n")
	reads, broken := 0, errors.New("broken")
	f := &slowFile{read: func(p []byte) (int, error) {
		if reads++; reads%2 == 0 {
			return 0, broken
		}
		return text.Read(p[:1])
	}}
	s := source.Lines("f", source.In(opened{f}))
	var got []string
	for {
		txs, err := s.Fetch(t.Context(), 10)
		for _, tx := range txs {
			got = append(got, tx.Payload().Text)
		}
		if eof(err) {
			break
		}
		is.True(errors.Is(err, broken))
		is.Equal(err.Error(), "source: reading f: broken")
	}
	is.Equal(got, []string{"one", "two", "three"})
}

func TestAStopWhileReadingLosesNothing(t *testing.T) {
	for _, longest := range []int{3, 1000} {
		is := is.New(t)
		text := iotest.OneByteReader(strings.NewReader("a,b\n1,\"2\n2\"\nxxxxxxxxxx,y\n3,4\n"))
		var cancel context.CancelFunc
		f := &slowFile{read: func(p []byte) (int, error) { cancel(); return text.Read(p) }}
		s := source.CSV("f", source.In(opened{f}), source.Header(), source.Longest(longest))
		var interrupted []string
		for {
			var ctx context.Context
			ctx, cancel = context.WithCancel(t.Context())
			txs, err := s.Fetch(ctx, 10)
			for _, tx := range txs {
				interrupted = append(interrupted, tx.Payload().Raw)
			}
			if eof(err) {
				break
			}
			is.Equal(err, context.Canceled)
		}
		cancel()
		whole := drain(t, source.CSV("f", file("f", "a,b\n1,\"2\n2\"\nxxxxxxxxxx,y\n3,4\n"), source.Header(), source.Longest(longest)), 10)
		is.Equal(len(interrupted), len(whole))
		for i, tx := range whole {
			is.Equal(interrupted[i], tx.Payload().Raw)
		}
	}
}

func TestCountReturnsWhenTheContextEnds(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := source.Lines("f", file("f", "1\n"))
	_, err := s.Count(ctx)
	is.Equal(err, context.Canceled)
	is.Equal(count(t, s), 1) // and is not kept
}

func TestCountMayBeCalledBesideFetch(t *testing.T) {
	is := is.New(t)
	s := source.Lines("f", file("f", strings.Repeat("x\n", 10_000)))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 10 {
			_, _ = s.Count(t.Context())
		}
	}()
	is.Equal(len(drain(t, s, 10)), 10_000)
	<-done
	is.Equal(count(t, s), 0)
}

func TestTextFaultsOfArguments(t *testing.T) {
	checkFaults(t, source.Lines(""), "source.Lines: path: is empty")
	checkFaults(t, source.JSONLines("f", source.Longest(-1)), "source.JSONLines: longest = -1: must be at least 1")
	_, err := source.Lines("").Count(t.Context())
	is.New(t).True(errors.Is(err, ergon.ErrConfig))
}
