package files

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Temp is a file that appears under its name only once it is complete: until
// Commit it is a hidden file beside it. Write, Commit and Abort must not be
// called at the same time. One of Commit and Abort must be called; after the
// first of them both change nothing and return fs.ErrClosed and nil.
type Temp struct {
	file *os.File
	root *os.Root
	path string // as given
	name string // of the hidden file
	done bool
}

// Create begins a file that is to stand at path, readable by its owner only.
// Until Commit whatever stands there stays as it is.
func Create(path string) (*Temp, error) {
	root, err := rootOf("create", path)
	if err != nil {
		return nil, err
	}
	if info, err := root.Stat(filepath.Base(path)); err == nil && info.IsDir() {
		return nil, errors.Join(pathError("create", path, fs.ErrExist), root.Close())
	}
	name := hidden(filepath.Base(path))
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, ownerOnly)
	if err != nil {
		return nil, errors.Join(pathError("create", path, err), root.Close())
	}
	return &Temp{file: f, root: root, path: path, name: name}, nil
}

// Write writes to the hidden file.
func (t *Temp) Write(p []byte) (int, error) { return t.file.Write(p) }

// Commit makes the file durable and puts it under its name, in place of what
// was there. Where it fails, the hidden file is removed.
func (t *Temp) Commit() error {
	if t.done {
		return pathError("commit", t.path, fs.ErrClosed)
	}
	if err := errors.Join(t.file.Sync(), t.file.Close()); err != nil {
		return errors.Join(pathError("commit", t.path, err), t.Abort())
	}
	if err := t.root.Rename(t.name, filepath.Base(t.path)); err != nil {
		return errors.Join(pathError("commit", t.path, err), t.Abort())
	}
	t.done = true
	if err := errors.Join(syncDir(t.root), t.root.Close()); err != nil {
		return pathError("commit", t.path, err)
	}
	return nil
}

// Abort removes the hidden file.
func (t *Temp) Abort() error {
	if t.done {
		return nil
	}
	t.done = true
	_ = t.file.Close() // may be closed already, and what was in it is not wanted
	if err := errors.Join(t.root.Remove(t.name), t.root.Close()); err != nil {
		return pathError("abort", t.path, err)
	}
	return nil
}

// longestStem leaves room for the rest of a hidden name in the 255 bytes that
// file systems allow.
const longestStem = 200

// hidden returns a name for the unfinished form of a file, beside which two
// processes may write the same file without meeting.
func hidden(name string) string {
	return "." + name[:min(len(name), longestStem)] + "." + rand.Text() + ".tmp"
}
