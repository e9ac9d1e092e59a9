package sink

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
)

var errBroken = errors.New("the disk is broken")

// faulty is a file that fails as it is told, and remembers what was called.
type faulty struct {
	handle
	write    func(text []byte) (int, error) // nil: as the file does
	sync     error
	truncate error
	stat     error
	close    error
	calls    []string
}

func (f *faulty) Write(text []byte) (int, error) {
	f.calls = append(f.calls, "write")
	if f.write != nil {
		return f.write(text)
	}
	return f.handle.Write(text)
}

// torn lets a write stop half-way, as a full disk does.
func (f *faulty) torn(err error) func([]byte) (int, error) {
	return func(text []byte) (int, error) {
		n, _ := f.handle.Write(text[:len(text)/2])
		return n, err
	}
}

func (f *faulty) Sync() error {
	f.calls = append(f.calls, "sync")
	return errors.Join(f.sync, f.handle.Sync())
}

func (f *faulty) Truncate(size int64) error {
	if f.truncate != nil {
		return f.truncate
	}
	return f.handle.Truncate(size)
}

func (f *faulty) Stat() (fs.FileInfo, error) {
	if f.stat != nil {
		return nil, f.stat
	}
	return f.handle.Stat()
}

func (f *faulty) Close() error { return errors.Join(f.handle.Close(), f.close) }

// breakable makes a file sink write to a faulty file, which is returned.
func breakable[T any](s *File[T]) *faulty {
	disk := &faulty{}
	s.disk = faultyDisk{realDisk{}, disk, func(path string) bool { return (path == s.path) != s.whole && !strings.HasSuffix(path, ".torn") }}
	return disk
}

// faultyDisk is the real one, but for the file that records are written to.
type faultyDisk struct {
	disk
	file  *faulty
	meant func(path string) bool
}

func (d faultyDisk) append(path string) (handle, error) {
	file, err := d.disk.append(path)
	if !d.meant(path) {
		return file, err
	}
	d.file.handle = file
	return d.file, err
}

// txs returns transactions with the ids t:0, t:1 …
func txs[T any](payloads ...T) []ergon.Transaction[T] {
	all := make([]ergon.Transaction[T], len(payloads))
	for i, p := range payloads {
		all[i] = ergon.Numbered("t", int64(i), p)
	}
	return all
}

// content returns what stands in a file, "none" where there is no file.
func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "none"
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// names returns the names in a directory.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// put writes a file.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// number returns a number as text.
func number(n int) string { return strconv.Itoa(n) }
