package house

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// documents returns the snippets of every document of the checkout.
func (w workspace) documents() ([]snippet, error) {
	var all []snippet
	err := w.walk(func(name string, _ fs.DirEntry) error {
		if path.Ext(name) != ".md" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(w.root, name))
		if err != nil {
			return err
		}
		snippets, err := snippetsOf(name, string(text))
		all = append(all, snippets...)
		return err
	})
	return all, err
}

// compile returns what the compiler has against snippets, by line of their
// document. A variable that a snippet declares and does not use is no fault: what
// a reader does with it next is not shown. The snippets are written below dir,
// into a module of their own in a copy of the workspace.
func (w workspace) compile(dir string, snippets []snippet) ([]string, error) {
	if err := w.writeModule(dir, snippets); err != nil {
		return nil, err
	}
	cmd := w.command(dir, "build", likeUs, "-gcflags=-e", "./...")
	cmd.Env = append(cmd.Env, "GOWORK="+filepath.Join(dir, "go.work"))
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil, nil
	}
	faults, understood := compilerFaults(string(out), snippets)
	if !understood {
		return nil, fmt.Errorf("house: compiling snippets: %w\n%s", err, out)
	}
	return faults, nil
}

// writeModule writes one package for each snippet, and the workspace they are in.
func (w workspace) writeModule(dir string, snippets []snippet) error {
	work, _, err := w.modules()
	if err != nil {
		return err
	}
	packages, err := w.byName()
	if err != nil {
		return err
	}
	head := fmt.Sprintf("go %s\n\ntoolchain %s\n", work.Go, work.Toolchain)
	files := map[string]string{"go.mod": "module snippets\n\n" + head, "go.work": head + "\nuse .\n"}
	for _, use := range work.Use {
		files["go.work"] += fmt.Sprintf("use %q\n", filepath.Join(w.root, use.DiskPath))
	}
	if sums, err := os.ReadFile(filepath.Join(w.root, "go.work.sum")); err == nil {
		files["go.work.sum"] = string(sums)
	}
	for i, s := range snippets {
		for name, source := range s.sources(packages) {
			files[filepath.Join(folder(i), name)] = source
		}
	}
	return writeFolder(dir, files)
}

// byName returns the import paths of all packages that snippets need not import.
func (w workspace) byName() (map[string]string, error) {
	all, err := w.packages()
	byName := map[string]string{}
	for name, path := range wellKnown {
		byName[name] = path
	}
	for _, p := range all {
		if p.public() {
			byName[p.Name] = p.ImportPath
		}
	}
	return byName, err
}

// folder returns the name of the folder that a snippet's package is in.
func folder(i int) string { return fmt.Sprintf("s%d", i) }

var compilerLine = regexp.MustCompile(`^(?:\./)?(s\d+)/([^:]+):(\d+):(?:\d+:)? (.*)$`)

// compilerFaults returns the faults in what the go command wrote, and whether
// all of it was understood.
func compilerFaults(out string, snippets []snippet) (faults []string, understood bool) {
	files := map[string]string{}
	for i, s := range snippets {
		files[folder(i)] = s.file
	}
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		switch m := compilerLine.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "# "):
		case m != nil && strings.HasPrefix(m[4], "declared and not used"):
			understood = true
		case m != nil:
			faults, understood = append(faults, fmt.Sprintf("%s:%s: %s", files[m[1]], m[3], m[4])), true
		case strings.HasPrefix(line, "\t") && len(faults) > 0:
			faults[len(faults)-1] += "\n" + line
		default:
			return nil, false
		}
	}
	return faults, understood
}
