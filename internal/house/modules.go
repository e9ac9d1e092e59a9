package house

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// goModule is what a go.mod or the go.work says.
type goModule struct {
	Dir       string `json:"-"` // relative to the workspace
	Go        string
	Toolchain string
	Require   []struct{ Path string }
	Replace   []struct {
		Old struct{ Path string }
		New struct{ Path, Version string }
	}
	Use []struct{ DiskPath string }
}

// modules returns the go.work and every go.mod of the checkout.
func (w workspace) modules() (work goModule, modules []goModule, err error) {
	if work, err = w.edit("work", "go.work"); err != nil {
		return work, nil, err
	}
	err = w.walk(func(path string, _ fs.DirEntry) error {
		if filepath.Base(path) != "go.mod" {
			return nil
		}
		m, err := w.edit("mod", path)
		m.Dir = filepath.ToSlash(filepath.Dir(path))
		modules = append(modules, m)
		return err
	})
	return work, modules, err
}

// edit reads a go.mod or go.work with the go command.
func (w workspace) edit(kind, path string) (goModule, error) {
	var m goModule
	out, err := output(w.command(w.root, kind, "edit", "-json", path))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		return m, fmt.Errorf("house: reading %s: %w", path, err)
	}
	return m, nil
}

// moduleFaults returns where modules do not fit together: another Go than the
// workspace's, a module that the workspace does not use, or a sibling that would
// be fetched from elsewhere.
func moduleFaults(work goModule, modules []goModule) []string {
	var used []string
	for _, use := range work.Use {
		used = append(used, filepath.ToSlash(filepath.Clean(use.DiskPath)))
	}
	var faults []string
	for _, m := range modules {
		if m.Go != work.Go || m.Toolchain != work.Toolchain {
			faults = append(faults, fmt.Sprintf("%s: go %s, toolchain %s; the workspace has %s, %s", m.Dir, m.Go, m.Toolchain, work.Go, work.Toolchain))
		}
		if tree(m.Dir) != "tools" && !slices.Contains(used, m.Dir) {
			faults = append(faults, m.Dir+": not in go.work")
		}
		for _, sibling := range m.siblings() {
			faults = append(faults, fmt.Sprintf("%s: requires %s without a replace by its folder", m.Dir, sibling))
		}
	}
	return faults
}

// siblings returns the modules of ours that m requires from elsewhere than this
// checkout.
func (m goModule) siblings() []string {
	var elsewhere []string
	for _, r := range m.Require {
		if !ours(r.Path) {
			continue
		}
		want := filepath.ToSlash(filepath.Join(m.up(), below(r.Path)))
		found := false
		for _, to := range m.Replace {
			found = found || to.Old.Path == r.Path && to.New.Version == "" && filepath.ToSlash(filepath.Clean(to.New.Path)) == want
		}
		if !found {
			elsewhere = append(elsewhere, r.Path)
		}
	}
	return elsewhere
}

// up returns the way from the module's folder to the workspace.
func (m goModule) up() string {
	if m.Dir == "." {
		return "."
	}
	return strings.Repeat("../", strings.Count(m.Dir, "/")+1)
}
