package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"sync/atomic"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/files"
)

// Text is a Source of what stands in a text file, piece by piece. Lines,
// JSONLines and CSV make one. Only Count may be called beside other methods.
type Text[T any] struct {
	settings
	path    string
	cutter  func(*window) cutter[T]
	file    io.Closer // nil: not open
	cut     cutter[T]
	started bool
	taken   atomic.Int64
	total   total
}

func newText[T any, O CSVOption](where, path string, options []O) *Text[T] {
	t := &Text[T]{settings: settingsOf(where, filepath.Base(path), options), path: path}
	t.check(path == "", "path", "", "is empty")
	return t
}

// Validate reports what is wrong with the source's arguments. It does not look
// for the file.
func (t *Text[T]) Validate() error { return t.err() }

// Start opens the file.
func (t *Text[T]) Start(context.Context) error {
	if err := t.err(); err != nil || t.started {
		return err
	}
	if err := errors.Join(t.close(), t.open()); err != nil {
		return err
	}
	t.started = true
	return nil
}

// Stop closes the file.
func (t *Text[T]) Stop(context.Context) error {
	t.started = false
	return t.close()
}

// Fetch returns the next pieces. It blocks for no longer than the disk does.
func (t *Text[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	if err := t.err(); err != nil {
		return nil, ergon.Permanent(err)
	}
	if t.file == nil {
		if err := t.open(); err != nil {
			return nil, err
		}
	}
	var txs []ergon.Transaction[T]
	for len(txs) < max {
		if err := t.cut.next(ctx); err != nil {
			return txs, t.readError(err)
		}
		txs = append(txs, ergon.Numbered(t.name, t.cut.position(), t.cut.payload()))
		t.taken.Add(1)
	}
	return txs, nil
}

// Count returns how many pieces have not been fetched yet. The first call after
// a Start reads the whole file, on a handle of its own; later ones cost nothing.
// A file that grows meanwhile holds more than Count says.
func (t *Text[T]) Count(ctx context.Context) (int, error) {
	if err := t.err(); err != nil {
		return 0, err
	}
	total, err := t.total.get(func() (int, error) { return t.pieces(ctx) })
	if err != nil {
		return 0, err
	}
	return max(total-int(t.taken.Load()), 0), nil
}

// pieces counts all there are in the file, as Fetch would cut them.
func (t *Text[T]) pieces(ctx context.Context) (int, error) {
	file, err := openFile(t.fsys, t.path)
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // was only read
	cut := t.cutter(&window{src: file})
	for n := 0; ; n++ {
		if err := cut.next(ctx); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return 0, t.readError(err)
		}
	}
}

func (t *Text[T]) open() error {
	file, err := openFile(t.fsys, t.path)
	if err != nil {
		return err
	}
	t.file, t.cut = file, t.cutter(&window{src: file})
	return nil
}

// close also forgets where it was.
func (t *Text[T]) close() error {
	t.taken.Store(0)
	t.total.forget()
	if t.file == nil {
		return nil
	}
	file := t.file
	t.file, t.cut = nil, nil
	return file.Close()
}

// readError says which file could not be read, unless that is not the point.
func (t *Text[T]) readError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("source: reading %s: %w", t.path, err)
}

// openFile opens a file of a file system, or of the machine where that is nil.
func openFile(fsys fs.FS, path string) (io.ReadCloser, error) {
	var file io.ReadCloser
	var err error
	if fsys != nil {
		file, err = fsys.Open(path)
	} else {
		file, err = files.Open(path)
	}
	if err != nil {
		return nil, ergon.Permanent(fmt.Errorf("source: %w", err))
	}
	return file, nil
}
