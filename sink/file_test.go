package sink

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func TestWhatIsConfirmedIsOnDisk(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	disk := breakable(s)
	is.NoErr(s.Start(t.Context()))
	is.NoErr(s.Dispatch(t.Context(), txs("a", "b")))
	is.Equal(content(t, path), "a\nb\n")
	is.Equal(disk.calls, []string{"write", "sync"})
	is.NoErr(s.Dispatch(t.Context(), txs("c")))
	is.Equal(content(t, path), "a\nb\nc\n")
	is.Equal(disk.calls, []string{"write", "sync", "write", "sync"})
	is.NoErr(s.Stop(t.Context()))
	info, err := os.Stat(path)
	is.NoErr(err)
	is.Equal(info.Mode().Perm(), fs.FileMode(0o600))
}

func TestAFailedWriteLeavesNoHalfRecordAndIsTriedAgain(t *testing.T) {
	tests := []struct {
		name string
		fail func(disk *faulty)
		want error
	}{
		{"the disk is full", func(d *faulty) { d.write = d.torn(syscall.ENOSPC) }, syscall.ENOSPC},
		{"a short write without an error", func(d *faulty) { d.write = d.torn(nil) }, io.ErrShortWrite},
		{"nothing is written", func(d *faulty) {
			d.write = func([]byte) (int, error) { return 0, errBroken }
		}, errBroken},
		{"the sync fails", func(d *faulty) { d.sync = errBroken }, errBroken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			path := filepath.Join(t.TempDir(), "out")
			s := Lines(path)
			disk := breakable(s)
			is.NoErr(s.Dispatch(t.Context(), txs("before")))
			tt.fail(disk)
			for range 3 {
				err := s.Dispatch(t.Context(), txs("first", "second"))
				is.True(errors.Is(err, tt.want))
				is.True(strings.Contains(err.Error(), path))
				is.Equal(content(t, path), "before\n")
				is.True(errors.Is(s.Health(t.Context()), tt.want))
			}
			disk.write, disk.sync = nil, nil
			is.NoErr(s.Dispatch(t.Context(), txs("first", "second")))
			is.NoErr(s.Health(t.Context()))
			is.NoErr(s.Stop(t.Context()))
			is.Equal(content(t, path), "before\nfirst\nsecond\n")
		})
	}
}

func TestWhatCannotBeCutBackAtOnceIsCutBackLater(t *testing.T) {
	tests := []struct {
		name string
		then func(is *is.I, s *File[string])
		want string
	}{
		{"by the next batch", func(is *is.I, s *File[string]) {
			is.NoErr(s.Dispatch(context.Background(), txs("another")))
		}, "before\nanother\n"},
		{"by Stop", func(is *is.I, s *File[string]) { is.NoErr(s.Stop(context.Background())) }, "before\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			path := filepath.Join(t.TempDir(), "out")
			s := Lines(path)
			disk := breakable(s)
			is.NoErr(s.Dispatch(t.Context(), txs("before")))
			disk.write, disk.truncate = disk.torn(syscall.ENOSPC), errBroken
			err := s.Dispatch(t.Context(), txs("first"))
			is.True(errors.Is(err, syscall.ENOSPC))
			is.True(errors.Is(err, errBroken))
			disk.write = nil
			is.True(errors.Is(s.Dispatch(t.Context(), txs("first")), errBroken))
			disk.truncate, disk.stat = nil, errBroken
			is.True(errors.Is(s.Dispatch(t.Context(), txs("first")), errBroken))
			disk.stat = nil
			tt.then(is, s)
			is.Equal(content(t, path), tt.want)
		})
	}
}

func TestWhatACrashHasTornIsSetAside(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	tests := []struct {
		name, before, after, torn string
	}{
		{"an empty file", "", "new\n", "none"},
		{"whole lines", "a\nb\n", "a\nb\nnew\n", "none"},
		{"half a line", "a\nb\nhal", "a\nb\nnew\n", "hal\n"},
		{"nothing but half a line", "hal", "new\n", "hal\n"},
		{"half a long line", "a\n" + long, "a\nnew\n", long + "\n"},
		{"a long line and a half", long + "\nhal", long + "\nnew\n", "hal\n"},
		{"zeroes, as a loss of power leaves them", "a\n\x00\x00\x00", "a\nnew\n", "\x00\x00\x00\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			path := filepath.Join(t.TempDir(), "out")
			put(t, path, tt.before)
			s := Lines(path)
			is.NoErr(s.Start(t.Context()))
			is.NoErr(s.Dispatch(t.Context(), txs("new")))
			is.NoErr(s.Stop(t.Context()))
			is.Equal(content(t, path), tt.after)
			is.Equal(content(t, path+".torn"), tt.torn)
		})
	}
}

func TestNothingIsCutThatCannotBeSetAside(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	put(t, path, "a\nhal")
	is.NoErr(os.Mkdir(path+".torn", 0o700))
	s := Lines(path)
	is.True(s.Start(t.Context()) != nil)
	is.Equal(content(t, path), "a\nhal")
}

func TestAFileIsWrittenRunAfterRun(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	for _, payload := range []string{"a", "b", "c"} {
		is.NoErr(s.Start(t.Context()))
		is.NoErr(s.Start(t.Context()))
		is.NoErr(s.Dispatch(t.Context(), txs(payload)))
		is.NoErr(s.Stop(t.Context()))
		is.NoErr(s.Stop(t.Context()))
	}
	is.Equal(content(t, path), "a\nb\nc\n")
}

func TestDispatchAfterStopIsAnErrorThatNamesThePath(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	is.NoErr(s.Stop(t.Context()))
	err := s.Dispatch(t.Context(), txs("late"))
	is.True(errors.Is(err, fs.ErrClosed))
	is.Equal(err.Error(), "sink: append "+path+": file already closed")
	is.Equal(content(t, path), "none")
}

func TestDispatchThatStopOvertakesWritesNothing(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	encode := s.kind.encode
	s.kind.encode = func(dst []byte, payload string) ([]byte, error) {
		is.NoErr(s.Stop(context.Background())) // no lock is held: this would block
		return encode(dst, payload)
	}
	is.True(errors.Is(s.Dispatch(t.Context(), txs("late")), fs.ErrClosed))
	is.Equal(content(t, path), "")
}

func TestDispatchWithAnEndedContextWritesNothing(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errBroken)
	is.Equal(Lines(path).Dispatch(ctx, txs("late")), errBroken)
	is.Equal(content(t, path), "none")
}

func TestConcurrentBatchesDoNotMix(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 5 {
				name := number(worker) + "." + number(i)
				_ = s.Dispatch(context.Background(), txs(name+".a", name+".b"))
				_ = s.Health(context.Background())
			}
		})
	}
	all.Wait()
	is.NoErr(s.Stop(t.Context()))
	lines := strings.Split(strings.TrimSuffix(content(t, path), "\n"), "\n")
	is.Equal(len(lines), 80)
	for i := 0; i < len(lines); i += 2 {
		is.Equal(strings.TrimSuffix(lines[i], ".a"), strings.TrimSuffix(lines[i+1], ".b"))
	}
	slices.Sort(lines)
	is.Equal(len(slices.Compact(lines)), 80)
}

func TestPlacesWhereNoFileCanBe(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside")
	put(t, outside, "theirs\n")
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		want       error // nil: any
	}{
		{"no directory", filepath.Join(dir, "no", "out"), fs.ErrNotExist},
		{"a directory", dir, errIrregular},
		{"a link that leaves the directory", filepath.Join(dir, "link"), nil},
		{"a name that is none", filepath.Join(dir, "a\x00b"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			for _, s := range []*File[string]{Lines(tt.path), Whole(Lines(tt.path))} {
				for _, err := range []error{s.Start(t.Context()), s.Dispatch(t.Context(), txs("x"))} {
					is.True(err != nil)
					is.True(tt.want == nil || errors.Is(err, tt.want))
					is.True(strings.Contains(err.Error(), tt.path))
				}
			}
			is.Equal(content(t, outside), "theirs\n")
			is.Equal(names(t, dir), []string{"link"})
		})
	}
}

func TestHealthOfAFileThatIsNotOpen(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	is.NoErr(Lines(filepath.Join(dir, "out")).Health(t.Context()))
	is.True(errors.Is(Lines(filepath.Join(dir, "no", "out")).Health(t.Context()), fs.ErrNotExist))
	is.Equal(len(names(t, dir)), 0)
}

func TestAFileThatCannotBeClosedIsAnError(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	breakable(s).close = errBroken
	is.NoErr(s.Start(t.Context()))
	err := s.Stop(t.Context())
	is.True(errors.Is(err, errBroken))
	is.True(strings.Contains(err.Error(), path))
	is.NoErr(s.Stop(t.Context()))
}

func TestFilesNobodyMadeAreRefused(t *testing.T) {
	var none *File[string]
	for _, s := range []*File[string]{none, {}, Whole(none), Whole(&File[string]{}), Lines(""), Whole(Lines(""))} {
		is := is.New(t)
		is.True(errors.Is(s.Validate(), ergon.ErrConfig))
		is.True(errors.Is(s.Start(t.Context()), ergon.ErrConfig))
		is.True(errors.Is(s.Health(t.Context()), ergon.ErrConfig))
		err := s.Dispatch(t.Context(), txs("x"))
		is.True(errors.Is(err, ergon.ErrConfig))
		steering, _ := ergon.SteeringOf(err)
		is.Equal(steering, ergon.SteerFatal)
		is.NoErr(s.Stop(t.Context()))
		s.Abandon()
	}
}
