package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ergon-go/ergon"
)

// splitPattern splits a pattern into the directory before its first wildcard and
// what is to match within it; that is empty where there is no wildcard.
func splitPattern(pattern string) (dir, glob string) {
	pattern = filepath.ToSlash(pattern)
	first := strings.IndexAny(pattern, `*?[\`)
	if first < 0 {
		return path.Clean(pattern), ""
	}
	slash := strings.LastIndexByte(pattern[:first], '/')
	switch slash {
	case -1:
		return ".", pattern
	case 0:
		return "/", pattern[1:]
	}
	return path.Clean(pattern[:slash]), pattern[slash+1:]
}

func validPattern(glob string) bool {
	_, err := path.Match(glob, "")
	return err == nil
}

// search returns the files that a pattern finds, in the order of their paths.
func search(fsys fs.FS, pattern string) ([]found, error) {
	dir, glob := splitPattern(pattern)
	within, leave, err := enter(fsys, dir)
	if err != nil {
		return nil, ergon.Permanent(fmt.Errorf("source: %w", named(err, pattern)))
	}
	defer leave()
	if glob == "" {
		glob = "*"
	}
	names, err := fs.Glob(within, glob)
	if err != nil {
		return nil, ergon.Permanent(fmt.Errorf("source: %s: %w", pattern, err))
	}
	all := []found{}
	for _, name := range names {
		info, err := fs.Stat(within, name)
		if err != nil || !info.Mode().IsRegular() || (hidden(name) && !hidden(glob)) {
			continue // gone again, a directory, a link that leads out of here
		}
		all = append(all, found{name: name, file: File{
			Path: path.Join(dir, name), Size: info.Size(), Modified: info.ModTime(), fsys: fsys,
		}})
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.name, b.name) })
	return all, nil
}

// enter returns a directory as a file system that nothing leads out of, and how
// to leave it.
func enter(fsys fs.FS, dir string) (fs.FS, func(), error) {
	if fsys == nil {
		root, err := os.OpenRoot(filepath.FromSlash(dir))
		if err != nil {
			return nil, nil, err
		}
		return root.FS(), func() { _ = root.Close() }, nil // was only read
	}
	if _, err := fs.ReadDir(fsys, dir); err != nil {
		return nil, nil, err
	}
	within, err := fs.Sub(fsys, dir)
	return within, func() {}, err
}

// named makes an error name the pattern as it was given.
func named(err error, pattern string) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		return &fs.PathError{Op: "open", Path: pattern, Err: inner.Err}
	}
	return err
}

// hidden reports whether an element of a path begins with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}
