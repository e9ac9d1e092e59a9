package sink

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ergon-go/ergon/internal/files"
)

// disk is what a file sink needs of the place where its files are: the real one,
// but in tests of what becomes of them when it fails or loses its power.
type disk interface {
	// append opens a file for writing at its end, and creates it where there is
	// none. It makes the names in its directory durable.
	append(path string) (handle, error)
	// open opens a file for reading.
	open(path string) (readable, error)
	// rename gives a file another name in its directory, in place of what has it.
	rename(from, to string) error
	remove(path string) error
}

// handle is what a file sink needs of an open file.
type handle interface {
	io.WriteCloser
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
}

// readable is a file that is only read.
type readable interface {
	io.ReaderAt
	io.Closer
}

// realDisk never leaves the directory that holds a path, whatever links say.
type realDisk struct{}

func (realDisk) append(path string) (handle, error) { return files.Append(path) }
func (realDisk) open(path string) (readable, error) { return files.Open(path) }

func (realDisk) rename(from, to string) error {
	return inDirectory(to, func(dir *os.Root) error { return dir.Rename(filepath.Base(from), filepath.Base(to)) })
}

func (realDisk) remove(path string) error {
	return inDirectory(path, func(dir *os.Root) error { return dir.Remove(filepath.Base(path)) })
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
