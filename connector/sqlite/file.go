package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// pathFaults says what is wrong with a path before the file is looked at. The
// path itself is not repeated: a DSN given by mistake may hold a password.
func pathFaults(path string) []error {
	why := ""
	switch {
	case path == "":
		why = "is empty"
	case strings.HasPrefix(path, ":memory:"), strings.HasPrefix(path, "file:"), strings.ContainsAny(path, "?\x00"):
		why = "must be the path of a file, not a DSN or a database in memory"
	}
	if why == "" {
		return nil
	}
	return []error{fault("sqlite.Open", "path", "", why)}
}

// prepareFile sees to it that there is a file that can be written, and that one
// made here is its owner's alone; SQLite gives the files beside it the same mode.
func prepareFile(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return errors.New("is a directory")
		}
		return errors.New("is not a regular file")
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return bare(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return bare(err)
	}
	return bare(file.Close())
}

// bare is the error of a file without its path.
func bare(err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// fileError names the file, not where it lies.
func fileError(path string, err error) error {
	return fmt.Errorf("sqlite: open %s: %w", shown(filepath.Base(path)), err)
}

// dsn is how the driver is told of a file and of the pragmas of each connection.
func dsn(path string, pragmas ...string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	slashed := filepath.ToSlash(absolute)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	query := url.Values{"_pragma": pragmas}
	return "file://" + (&url.URL{Path: slashed}).EscapedPath() + "?" + query.Encode(), nil
}
