package house

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// walk calls visit with every file of the checkout that is the project's, by its
// path below the root: not what git keeps, what was built, or what editors leave.
func (w workspace) walk(visit func(path string, d fs.DirEntry) error) error {
	return filepath.WalkDir(w.root, func(full string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path, err := filepath.Rel(w.root, full)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path == "bin" || strings.HasPrefix(d.Name(), ".") && path != "." && path != ".ci" && path != ".github" {
				return filepath.SkipDir
			}
			return nil
		}
		return visit(filepath.ToSlash(path), d)
	})
}
