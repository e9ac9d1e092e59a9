package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// promisesFile says which tests hold which promise.
const promisesFile = "docs/invariants.md"

// promiseLabels are the labels that promisesFile must have, a row each.
func promiseLabels() []string {
	var labels []string
	for i := 1; i <= 22; i++ {
		labels = append(labels, fmt.Sprint("I", i))
	}
	return append(labels, "I25", "I26", "I27", "I28")
}

var (
	// namedTest finds the name of a test, with its package or without.
	namedTest = regexp.MustCompile(`(?:[\w.-]+/)*(?:Test|Fuzz)[A-Z0-9_]\w*`)
	// labelled finds a row of a table that begins with a label.
	labelled = regexp.MustCompile(`^\| *(I\d+) *\|`)
	// ruled finds the line between the head of a table and its rows.
	ruled = regexp.MustCompile(`^\|[\s|:-]+\|$`)
)

// promiseFaults returns what is wrong with an index of promises: names of tests
// that do not exist, rows that name none, and labels that are missing or there
// twice. Tests are given as "package/TestName".
func promiseFaults(name, text string, tests map[string]bool, labels []string) []string {
	var faults []string
	fault := func(line int, format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%s:%d: %s", name, line, fmt.Sprintf(format, args...)))
	}
	seen := map[string]bool{}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		named := namedTest.FindAllString(line, -1)
		for _, test := range named {
			if !tests[test] {
				fault(i+1, "there is no test %s", test)
			}
		}
		if len(named) == 0 && isRow(lines, i) {
			fault(i+1, "this row names no test")
		}
		if found := labelled.FindStringSubmatch(line); found != nil {
			if label := found[1]; seen[label] {
				fault(i+1, "%s has a row already", label)
			} else {
				seen[label] = true
			}
		}
	}
	for _, label := range labels {
		if !seen[label] {
			faults = append(faults, fmt.Sprintf("%s: %s has no row", name, label))
		}
	}
	return faults
}

// isRow reports whether a line is a row of a table, and not its head.
func isRow(lines []string, i int) bool {
	isHead := i+1 < len(lines) && ruled.MatchString(strings.TrimSpace(lines[i+1]))
	return strings.HasPrefix(lines[i], "|") && !isHead && !ruled.MatchString(strings.TrimSpace(lines[i]))
}

// tests returns every test of the checkout, as "package/TestName": whatever the
// platform, so that the answer is the same everywhere.
func (w workspace) tests() (map[string]bool, error) {
	all := map[string]bool{}
	err := w.walk(func(name string, _ fs.DirEntry) error {
		if !strings.HasSuffix(name, "_test.go") || slices.Contains(strings.Split(name, "/"), "testdata") {
			return nil
		}
		source, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		found, err := testsOf(name, source)
		for _, test := range found {
			all[test] = true
		}
		return err
	})
	return all, err
}

// testsOf returns the tests and fuzz tests of one file. The package is that of
// the folder; that of the root is ergon.
func testsOf(name string, source []byte) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("house: %w", err)
	}
	folder := path.Base(path.Dir(name))
	if folder == "." {
		folder = "ergon"
	}
	var tests []string
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && isTest(fn) {
			tests = append(tests, folder+"/"+fn.Name.Name)
		}
	}
	return tests, nil
}

// isTest reports whether go test runs a function as a test, or as a fuzz test.
func isTest(fn *ast.FuncDecl) bool {
	if fn.Recv != nil || fn.Type.Params.NumFields() != 1 {
		return false
	}
	star, ok := fn.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	of, ok := star.X.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	return of.Sel.Name == "T" && strings.HasPrefix(fn.Name.Name, "Test") ||
		of.Sel.Name == "F" && strings.HasPrefix(fn.Name.Name, "Fuzz")
}
