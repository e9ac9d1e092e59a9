package source

import (
	"context"
	"io"
	"path"
	"sync/atomic"

	"github.com/ergon-go/ergon"
)

// FileList is a Source of files. Files makes one.
type FileList struct {
	settings
	pattern string
	found   atomic.Pointer[[]found] // nil: nobody has looked yet
	next    atomic.Int64
	started bool
}

// found is a file, and its name within the directory that was searched.
type found struct {
	file File
	name string
}

// Files returns a Source of files: those of a directory, or those whose path
// matches a pattern as path.Match has it, whose wildcards stay within one
// element of the path. Hidden files, directories and whatever else is no regular
// file are left out, links that lead out of the directory too.
//
// They come in the order of their paths. Ids are "name:" and the path within the
// directory before the first wildcard, whose last element is the name ("files"
// where it has none) unless Named sets another. What matches is looked for at Start; none is no error, a
// directory that is not there is a Permanent one.
func Files(pattern string, opts ...FileOption) *FileList {
	dir, glob := splitPattern(pattern)
	l := &FileList{settings: settingsOf("source.Files", nameOf(dir), opts), pattern: pattern}
	l.check(pattern == "", "pattern", "", "is empty")
	l.check(!validPattern(glob), "pattern", pattern, "is malformed")
	return l
}

// nameOf returns what a directory is called.
func nameOf(dir string) string {
	if name := path.Base(dir); name != "." && name != ".." && name != "/" {
		return name
	}
	return "files"
}

// Validate reports what is wrong with the source's arguments. It does not look
// for files.
func (l *FileList) Validate() error { return l.err() }

// Start looks for the files.
func (l *FileList) Start(context.Context) error {
	if err := l.err(); err != nil || l.started {
		return err
	}
	l.forget()
	if _, err := l.all(); err != nil {
		return err
	}
	l.started = true
	return nil
}

// Stop lets the next Start look again.
func (l *FileList) Stop(context.Context) error {
	l.started = false
	l.forget()
	return nil
}

func (l *FileList) forget() {
	l.next.Store(0)
	l.found.Store(nil)
}

// Fetch returns the next files, and io.EOF with the last of them. It never
// blocks for longer than it takes to list them.
func (l *FileList) Fetch(_ context.Context, max int) ([]ergon.Transaction[File], error) {
	if err := l.err(); err != nil {
		return nil, ergon.Permanent(err)
	}
	all, err := l.all()
	if err != nil {
		return nil, err
	}
	from := int(l.next.Load())
	to := from + min(len(all)-from, atLeast0(max))
	txs := make([]ergon.Transaction[File], 0, to-from)
	for _, f := range all[from:to] {
		txs = append(txs, ergon.NewTransaction(l.name+":"+f.name, f.file))
	}
	l.next.Store(int64(to))
	if to == len(all) {
		return txs, io.EOF
	}
	return txs, nil
}

// Count returns how many have not been fetched yet.
func (l *FileList) Count(context.Context) (int, error) {
	if err := l.err(); err != nil {
		return 0, err
	}
	all, err := l.all()
	return len(all) - int(l.next.Load()), err
}

// all is what was found, once.
func (l *FileList) all() ([]found, error) {
	if all := l.found.Load(); all != nil {
		return *all, nil
	}
	all, err := search(l.fsys, l.pattern)
	if err != nil {
		return nil, err
	}
	if !l.found.CompareAndSwap(nil, &all) {
		return l.all() // somebody else has looked meanwhile
	}
	return all, nil
}
