package sink

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func TestAWholeFileAppearsOnlyAtStop(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	put(t, path, "old\n")
	s := Whole(Lines(path))
	is.True(s.Whole())
	is.True(!Lines(path).Whole())
	for _, payload := range []string{"first", "second"} { // run after run
		before := content(t, path)
		is.NoErr(s.Start(t.Context()))
		is.NoErr(s.Dispatch(t.Context(), txs(payload)))
		is.NoErr(s.Dispatch(t.Context(), txs("more")))
		is.Equal(content(t, path), before)
		is.NoErr(s.Stop(t.Context()))
		is.Equal(content(t, path), payload+"\nmore\n")
		is.NoErr(s.Stop(t.Context()))
	}
	is.Equal(names(t, dir), []string{"out"})
}

func TestAWholeFileIsDurableBeforeItHasItsName(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Whole(Lines(path))
	disk := breakable(s)
	is.NoErr(s.Dispatch(t.Context(), txs("a")))
	disk.sync = errBroken
	err := s.Stop(t.Context())
	is.True(errors.Is(err, errBroken))
	is.True(strings.Contains(err.Error(), path))
	is.Equal(disk.calls, []string{"write", "sync"})
	is.Equal(len(names(t, filepath.Dir(path))), 0)
}

func TestARunThatFailedLeavesTheOldFileAlone(t *testing.T) {
	full := func(d *faulty) { d.write = d.torn(syscall.ENOSPC) }
	works := func(d *faulty) { d.write = nil }
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		name string
		run  func(s *File[string], disk *faulty)
		stop context.Context
		want error  // of Stop
		file string // after it
	}{
		{"nothing is handed over", func(*File[string], *faulty) {}, t.Context(), nil, "old\n"},
		{"everything is stored", func(s *File[string], _ *faulty) {
			_ = s.Dispatch(t.Context(), txs("a", "b"))
		}, t.Context(), nil, "a\nb\n"},
		{"some could not be stored", func(s *File[string], disk *faulty) {
			_ = s.Dispatch(t.Context(), txs("a"))
			full(disk)
			_ = s.Dispatch(t.Context(), txs("b")) // the same id: not the one that is stored
		}, t.Context(), ErrIncomplete, "old\n"},
		{"nothing could be stored", func(s *File[string], disk *faulty) {
			full(disk)
			_ = s.Dispatch(t.Context(), txs("a"))
		}, t.Context(), ErrIncomplete, "old\n"},
		{"what could not be stored was, in other batches", func(s *File[string], disk *faulty) {
			full(disk)
			all := txs("a", "b", "c")
			_ = s.Dispatch(t.Context(), all)
			works(disk)
			_ = s.Dispatch(t.Context(), all[1:])
			_ = s.Dispatch(t.Context(), all[:1])
		}, t.Context(), nil, "b\nc\na\n"},
		{"only a part of it was", func(s *File[string], disk *faulty) {
			full(disk)
			all := txs("a", "b", "c")
			_ = s.Dispatch(t.Context(), all)
			works(disk)
			_ = s.Dispatch(t.Context(), all[1:])
		}, t.Context(), ErrIncomplete, "old\n"},
		{"some came with an ended context", func(s *File[string], _ *faulty) {
			all := txs("a", "b")
			_ = s.Dispatch(t.Context(), all[:1])
			_ = s.Dispatch(ended, all[1:])
		}, t.Context(), ErrIncomplete, "old\n"},
		{"some was refused, as a fault of the data", func(s *File[string], _ *faulty) {
			_ = s.Dispatch(t.Context(), txs("a", "b\nb", "c"))
		}, t.Context(), nil, "a\nc\n"},
		{"it is abandoned", func(s *File[string], _ *faulty) {
			_ = s.Dispatch(t.Context(), txs("a"))
			s.Abandon()
		}, t.Context(), nil, "old\n"},
		{"there is no time left", func(s *File[string], _ *faulty) {
			_ = s.Dispatch(t.Context(), txs("a"))
		}, ended, context.Canceled, "old\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			dir := t.TempDir()
			path := filepath.Join(dir, "out")
			put(t, path, "old\n")
			s := Whole(Lines(path))
			disk := breakable(s)
			is.NoErr(s.Start(context.Background()))
			tt.run(s, disk)
			err := s.Stop(tt.stop)
			is.True(errors.Is(err, tt.want))
			is.Equal(content(t, path), tt.file)
			is.Equal(names(t, dir), []string{"out"})

			works(disk) // and the next run begins anew
			is.NoErr(s.Start(context.Background()))
			is.NoErr(s.Dispatch(context.Background(), txs("next")))
			is.NoErr(s.Stop(context.Background()))
			is.Equal(content(t, path), "next\n")
		})
	}
}

func TestADispatchThatCameAfterStopDoesNotSpoilTheNextRun(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Whole(Lines(path))
	is.NoErr(s.Start(t.Context()))
	is.NoErr(s.Stop(t.Context()))
	is.True(s.Dispatch(t.Context(), []ergon.Transaction[string]{ergon.NewTransaction("late", "late")}) != nil)
	is.NoErr(s.Start(t.Context()))
	is.NoErr(s.Dispatch(t.Context(), txs("a")))
	is.NoErr(s.Stop(t.Context()))
	is.Equal(content(t, path), "a\n")
}

func TestAWholeFileThatCannotTakeItsNameIsRemoved(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	s := Whole(Lines(path))
	is.NoErr(s.Dispatch(t.Context(), txs("a")))
	is.NoErr(os.Mkdir(path, 0o700)) // stands in the way
	err := s.Stop(t.Context())
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), path))
	is.True(!strings.Contains(err.Error(), ".tmp"))
	is.Equal(names(t, dir), []string{"out"})
}

func TestAWholeFileWhoseDirectoryIsGone(t *testing.T) {
	is := is.New(t)
	dir := filepath.Join(t.TempDir(), "gone")
	is.NoErr(os.Mkdir(dir, 0o700))
	path := filepath.Join(dir, "out")
	s := Whole(Lines(path))
	is.NoErr(s.Dispatch(t.Context(), txs("a")))
	is.NoErr(os.RemoveAll(dir))
	err := s.Stop(t.Context())
	is.True(errors.Is(err, os.ErrNotExist))
	is.True(strings.Contains(err.Error(), path))
	is.NoErr(s.Stop(t.Context()))
}

func TestAWholeCSVFileIsHeadedOnceARun(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	put(t, path, "something,else\n")
	s := Whole(CSV[[]string](path, Header("a", "b")))
	for range 2 {
		is.NoErr(s.Start(t.Context()))
		is.NoErr(s.Dispatch(t.Context(), txs([]string{"1", "2"})))
		is.NoErr(s.Stop(t.Context()))
		is.Equal(content(t, path), "a,b\n1,2\n")
	}
	is.NoErr(s.Start(t.Context()))
	is.NoErr(s.Stop(t.Context())) // a heading alone is nothing
	is.Equal(content(t, path), "a,b\n1,2\n")
	is.Equal(names(t, filepath.Dir(path)), []string{"out"})
}

func TestConcurrentBatchesOfAWholeFile(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Whole(Lines(path))
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 20 {
				tx := ergon.NewTransaction(number(worker)+"."+number(i), "x")
				_ = s.Dispatch(context.Background(), []ergon.Transaction[string]{tx})
			}
		})
	}
	all.Wait()
	is.NoErr(s.Stop(t.Context()))
	is.Equal(content(t, path), strings.Repeat("x\n", 160))
}

func TestAWholeFileOfALongName(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), strings.Repeat("n", 255))
	s := Whole(Lines(path))
	is.NoErr(s.Dispatch(t.Context(), txs("a")))
	is.NoErr(s.Stop(t.Context()))
	is.Equal(content(t, path), "a\n")
}

func TestWholeLeavesTheSinkItIsMadeOfAsItWas(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "out")
	s := Lines(path)
	_ = Whole(s)
	is.NoErr(s.Dispatch(t.Context(), txs("a")))
	is.Equal(content(t, path), "a\n")
	is.NoErr(s.Stop(t.Context()))
}
