package planted

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingShipsABug looks for the switch in every file that is compiled into
// anything but these tests.
func TestNothingShipsABug(t *testing.T) {
	top, files := root(t), 0
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if filepath.Base(path) == ".git" || path == filepath.Join(top, "internal", "planted") {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		files++
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte("internal/planted")) || bytes.Contains(text, []byte("ERGON_BUG\"")) {
			t.Errorf("%s knows of planted bugs", path)
		}
		return err
	})
	if err != nil || files < 100 {
		t.Fatalf("%d files, %v", files, err)
	}
	if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(switchDir))); err == nil {
		t.Errorf("%s is on disk: it is for an overlay only", switchDir)
	}
}
