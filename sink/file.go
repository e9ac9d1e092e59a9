package sink

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/ergon-go/ergon"
)

// File is a sink that writes each payload as a record of a file: Lines,
// JSONLines and CSV make one, Whole changes how it appears. Its zero value is
// refused by Validate.
//
// Dispatch appends its records in one write and returns nil once they are on
// disk. Where that fails half-way the file is cut back to what was confirmed
// before, so that another attempt finds no half record. Dispatch without Start
// opens the file, Dispatch after Stop is an error that matches fs.ErrClosed.
//
// The file is created where there is none, readable by its owner only; its
// directory must be there, and no link may lead out of it. It is open from Start
// to Stop and has one writer: two sinks, or two processes, must not share it.
//
// What follows the last whole record when a file is opened was torn by a crash
// and never confirmed, so it comes again. It is moved to a file of the same name
// with ".torn" behind it, lest it run into the next record. A file that something
// else began must therefore end with a newline.
//
// Of a batch that was not confirmed whole records may stay, and stand there twice
// when it has come again. A loss of power may leave the end of such a batch without
// its beginning, hence one record that makes no sense; what was confirmed stays as
// it is.
type File[T any] struct {
	kind   kind[T]
	path   string
	whole  bool
	faults error
	disk   disk // nil where no constructor made this

	lock      sync.Mutex
	out       *output // nil while it is closed
	stopped   bool
	outcome   outcome
	abandoned bool
}

var (
	_ ergon.Sink[int]     = (*File[int])(nil)
	_ ergon.Starter       = (*File[int])(nil)
	_ ergon.Stopper       = (*File[int])(nil)
	_ ergon.HealthChecker = (*File[int])(nil)
)

// newFile returns a sink of a kind, with the faults of its arguments.
func newFile[T any](path string, k kind[T], faults ...error) *File[T] {
	if path == "" {
		faults = append(faults, fault(k.name, "path", "is empty"))
	}
	return &File[T]{kind: k, path: path, faults: errors.Join(faults...), disk: realDisk{}}
}

// Validate returns what is wrong with the arguments of the constructor.
func (f *File[T]) Validate() error {
	if f == nil || f.disk == nil {
		return fault("sink.File", "", "was not made by a constructor")
	}
	return f.faults
}

// Start opens the file, sets aside what a crash has torn, and writes the heading
// where the file is empty and its kind has one that is known by then.
func (f *File[T]) Start(context.Context) error {
	if err := f.Validate(); err != nil {
		return err
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.stopped {
		f.stopped, f.outcome = false, outcome{} // a Dispatch that came too late is not of this run
	}
	return f.open()
}

// open opens the file where it is not yet open.
func (f *File[T]) open() error {
	if f.out != nil {
		return nil
	}
	if f.stopped {
		return located("append", f.path, fs.ErrClosed)
	}
	out, err := f.opened()
	if err != nil {
		return err
	}
	if err := out.head(f.kind.fixed); err != nil {
		return also(err, out.drop())
	}
	f.out = out
	return nil
}

func (f *File[T]) opened() (*output, error) {
	if f.whole {
		return openDraft(f.disk, f.path, f.kind.layout)
	}
	return openEnd(f.disk, f.path, f.kind.layout)
}

// Stop closes the file. One that was made with Whole gets its name here.
func (f *File[T]) Stop(ctx context.Context) error {
	if f.Validate() != nil {
		return nil
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	out, ended, abandoned := f.out, f.outcome, f.abandoned
	f.out, f.outcome, f.abandoned, f.stopped = nil, outcome{}, false, true
	switch {
	case out == nil:
		return nil
	case !f.whole:
		return out.close()
	case abandoned || !ended.stored:
		return errors.Join(ended.complaint(f.path), out.drop())
	default:
		if err := errors.Join(context.Cause(ctx), ended.complaint(f.path)); err != nil {
			return also(err, out.drop())
		}
		return out.publish()
	}
}

// Abandon says that the run failed in a way this sink cannot see: the next Stop
// then leaves no file where it was made with Whole. Otherwise it does nothing.
func (f *File[T]) Abandon() {
	if f == nil {
		return
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	f.abandoned = f.out != nil
}

// Whole reports whether the file gets its name only at Stop, so that what was
// dispatched is safe only then.
func (f *File[T]) Whole() bool { return f != nil && f.whole }

// Health returns why the last write failed or, where the file is not open, why
// its directory cannot be.
func (f *File[T]) Health(context.Context) error {
	if err := f.Validate(); err != nil {
		return err
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.out != nil {
		return f.out.broken
	}
	dir, err := os.OpenRoot(filepath.Dir(f.path))
	if err != nil {
		return located("open", f.path, err)
	}
	return dir.Close()
}
