package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Open opens the file at path for reading. A directory is an error.
func Open(path string) (*os.File, error) {
	root, err := rootOf("open", path)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // the file stands on its own; a directory that was only read has nothing to lose
	f, err := root.Open(filepath.Base(path))
	if err != nil {
		return nil, pathError("open", path, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(pathError("open", path, syscall.EISDIR), f.Close())
	}
	return f, nil
}

// Append opens the file at path for writing at its end, and creates it where
// there is none, readable by its owner only. Its name is on disk when Append
// returns; what is written is once the caller has called Sync.
func Append(path string) (*os.File, error) {
	root, err := rootOf("append", path)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // as in Open
	f, err := root.OpenFile(filepath.Base(path), os.O_APPEND|os.O_CREATE|os.O_WRONLY, ownerOnly)
	if err != nil {
		return nil, pathError("append", path, err)
	}
	if err := syncDir(root); err != nil {
		return nil, errors.Join(pathError("append", path, err), f.Close())
	}
	return f, nil
}

const ownerOnly fs.FileMode = 0o600

// rootOf opens the directory that holds path.
func rootOf(op, path string) (*os.Root, error) {
	if path == "" {
		return nil, pathError(op, path, fs.ErrInvalid)
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, pathError(op, path, err)
	}
	return root, nil
}

// pathError names the path as the caller wrote it, instead of the part of it
// that an os.Root knows.
func pathError(op, path string, err error) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return &fs.PathError{Op: op, Path: path, Err: err}
}
