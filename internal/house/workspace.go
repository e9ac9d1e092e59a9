package house

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// modulePath is the path of the root module, with which all of ours begin.
const modulePath = "github.com/ergon-go/ergon"

// workspace is a checkout: the directory that go.work stands in.
type workspace struct{ root string }

// goPackage is what the go command says of a package.
type goPackage struct {
	ImportPath   string
	Dir          string
	Name         string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	Imports      []string // of non-test code
	Module       struct{ Path string }
}

// here returns the workspace that the tests of this package run in. It looks at
// every folder once, so that go test, which caches by what a test itself looks
// at, knows that the answer depends on all of them.
func here() (workspace, error) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return workspace{}, err
	}
	w := workspace{root: root}
	return w, w.walk(func(string, fs.DirEntry) error { return nil })
}

// command returns the go command in a directory. It names the workspace, so that
// the answer is the same however the tests were started.
func (w workspace) command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK="+filepath.Join(w.root, "go.work"), "GOFLAGS=-buildvcs=false")
	return cmd
}

// packages returns all packages of the workspace, those with faults too.
func (w workspace) packages() ([]goPackage, error) {
	out, err := output(w.command(w.root, "list", "-e",
		"-json=ImportPath,Dir,Name,GoFiles,TestGoFiles,XTestGoFiles,Imports,Module", "work"))
	if err != nil {
		return nil, err
	}
	var all []goPackage
	for stream := json.NewDecoder(strings.NewReader(out)); ; {
		var p goPackage
		if err := stream.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("house: reading go list: %w", err)
		}
		all = append(all, p)
	}
}

// rel returns the path of a package below the root package, "." for that itself.
func (p goPackage) rel() string { return below(p.ImportPath) }

// public reports whether users import the package.
func (p goPackage) public() bool {
	first, _, _ := strings.Cut(p.rel(), "/")
	return p.Name != "main" && p.Name != "" && first != "examples" && first != "bench" &&
		!strings.Contains("/"+p.rel()+"/", "/internal/")
}

// ours reports whether an import path is one of this repository.
func ours(path string) bool {
	return path == modulePath || strings.HasPrefix(path, modulePath+"/")
}

// below returns an import path of ours relative to the root package.
func below(path string) string {
	if path == modulePath {
		return "."
	}
	return strings.TrimPrefix(path, modulePath+"/")
}

// output runs a command and returns what it wrote, or an error with what it
// complained of.
func output(cmd *exec.Cmd) (string, error) {
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("house: %s: %w\n%s", strings.Join(cmd.Args, " "), err, complaint.String())
	}
	return string(out), nil
}
