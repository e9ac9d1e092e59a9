package house

import (
	"errors"
	"io/fs"
	"os"
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

// readFolder returns the texts below a folder by their paths in it. A folder
// that does not exist holds none.
func readFolder(dir string) (map[string]string, error) {
	texts := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		texts[filepath.ToSlash(name)] = string(text)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return texts, err
}

// writeFolder makes a folder hold exactly these texts.
func writeFolder(dir string, texts map[string]string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for name, text := range texts {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
