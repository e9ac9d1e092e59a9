package planted

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// Where the switch is in the overlay.
const (
	switchDir  = "internal/planted/bug"
	switchPath = "github.com/ergon-go/ergon/" + switchDir
)

// root returns the root of the repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// overlay writes what the go command is to read in place of files, and returns
// the path of the list.
func overlay(t *testing.T, bugs []bug) string {
	t.Helper()
	top, dir := root(t), t.TempDir()
	replace := map[string]string{
		filepath.Join(top, filepath.FromSlash(switchDir), "bug.go"): filepath.Join(top, "internal", "planted", "testdata", "bug.go"),
	}
	byFile := map[string][]bug{}
	for _, b := range bugs {
		byFile[b.file] = append(byFile[b.file], b)
	}
	for file, its := range byFile {
		text, err := plantFile(top, file, its)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		write(t, path, []byte(text))
		replace[filepath.Join(top, filepath.FromSlash(file))] = path
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	write(t, path, list)
	return path
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// binary returns the path of the test binary of a package.
func binary(bin, dir string) string { return filepath.Join(bin, filepath.Base(dir)+".test") }

// build builds the test binaries of all finders, with all bugs in them, and
// returns where they are.
func build(t *testing.T, bugs []bug) string {
	t.Helper()
	list, bin := overlay(t, bugs), t.TempDir()
	var plain, raced []string
	for _, b := range bugs {
		dir := "./" + b.finder().dir
		switch {
		case slices.Contains(append(plain, raced...), dir):
		case b.finder().sharesBuild():
			raced = append(raced, dir)
		default:
			plain = append(plain, dir)
		}
	}
	goTestC(t, list, bin, nil, plain)
	goTestC(t, list, bin, raceFlag(), raced)
	return bin
}

// sharesBuild reports whether what a finder is built of is so large that it should
// not be compiled in two ways.
func (f finder) sharesBuild() bool { return f.dir == "connector/sqlite" }

func goTestC(t *testing.T, list, bin string, flags, dirs []string) {
	t.Helper()
	if len(dirs) == 0 {
		return
	}
	args := slices.Concat([]string{"test", "-c", "-vet=off", "-overlay", list, "-o", bin + string(filepath.Separator)}, flags, dirs)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), "GOGC=400") // a compiler that collects its garbage less often is a fifth quicker
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("what has the bugs in it cannot be built: %v\n%s", err, out)
	}
}
