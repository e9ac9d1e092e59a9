package source

import (
	"io"
	"io/fs"
	"time"
)

// File is a file that was found by Files.
type File struct {
	Path     string // as Open finds it
	Size     int64  // in bytes, when it was found
	Modified time.Time

	fsys fs.FS
}

// Open opens the file for reading; the caller closes it. A file that is not
// there any more, or cannot be opened, is a Permanent error. The zero File cannot
// be opened.
func (f File) Open() (io.ReadCloser, error) { return openFile(f.fsys, f.Path) }
