package sink

import (
	"crypto/rand"
	"os"
	"path/filepath"

	"github.com/ergon-go/ergon/internal/files"
)

// openDraft opens a hidden file beside the path under which it is to appear.
func openDraft(path string, l layout, create func(string) (handle, error)) (*output, error) {
	if err := regular(path, (*os.Root).Lstat); err != nil { // a rename would replace a link, not follow it
		return nil, located("create", path, err)
	}
	hidden := filepath.Join(filepath.Dir(path), hiddenName(filepath.Base(path)))
	file, err := create(hidden)
	if err != nil {
		return nil, located("create", path, err)
	}
	return &output{path: path, hidden: hidden, file: file, layout: l}, nil
}

// longestStem leaves room for the rest of a hidden name in the 255 bytes that
// file systems allow.
const longestStem = 200

// hiddenName returns a name that two processes do not choose at once.
func hiddenName(name string) string {
	return "." + name[:min(len(name), longestStem)] + "." + rand.Text() + ".tmp"
}

// publish makes a hidden file durable and puts it under its name, in place of
// what stands there. Where that fails the hidden file is removed.
func (o *output) publish() error {
	err := o.cut()
	if err == nil {
		err = o.file.Sync()
	}
	if err != nil {
		return also(located("write", o.path, err), o.discard())
	}
	if err := o.file.Close(); err != nil {
		return also(located("close", o.path, err), o.remove())
	}
	if err := inDirectory(o.path, func(dir *os.Root) error {
		return dir.Rename(filepath.Base(o.hidden), filepath.Base(o.path))
	}); err != nil {
		return also(located("rename", o.path, err), o.remove())
	}
	return syncName(o.path)
}

// discard closes and removes a hidden file, of which nothing is wanted.
func (o *output) discard() error {
	_ = o.file.Close()
	return o.remove()
}

func (o *output) remove() error {
	if err := inDirectory(o.path, func(dir *os.Root) error {
		return dir.Remove(filepath.Base(o.hidden))
	}); err != nil {
		return located("remove", o.path, err)
	}
	return nil
}

// inDirectory calls do with the directory that holds path.
func inDirectory(path string, do func(dir *os.Root) error) error {
	dir, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	err = do(dir)
	return also(err, dir.Close())
}

// syncName makes the name of a file durable, which files.Append sees to.
func syncName(path string) error {
	file, err := files.Append(path)
	if err != nil {
		return located("sync", path, err)
	}
	if err := file.Close(); err != nil {
		return located("close", path, err)
	}
	return nil
}
