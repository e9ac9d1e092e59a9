package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// snippet is a block of Go code in a document, fenced as go. It is a whole file,
// declarations, or the body of a function. What it uses without declaring it
// stands as declarations in a comment before it, which readers do not see:
//
//	<!-- given
//	var orders ergon.Source[[]byte]
//	-->
//
// Packages of ours, and those in wellKnown, are imported for it.
type snippet struct {
	file, code, given   string
	codeLine, givenLine int // of the document, where they begin
}

// wellKnown holds the packages of others that snippets need not import, by name.
var wellKnown = map[string]string{
	"bytes": "bytes", "cmp": "cmp", "context": "context", "errors": "errors", "fmt": "fmt", "http": "net/http",
	"io": "io", "iter": "iter", "json": "encoding/json", "log": "log", "otel": "go.opentelemetry.io/otel", "maps": "maps", "os": "os", "signal": "os/signal",
	"slices": "slices", "slog": "log/slog", "strconv": "strconv", "strings": "strings", "synctest": "testing/synctest",
	"testing": "testing", "time": "time",
}

const (
	fence     = "```"
	goFence   = "```go"
	givenHead = "<!-- given"
	givenTail = "-->"
)

// block is what stands between two marks of a document.
type block struct {
	head, text string
	line       int // where the text begins
}

// snippetsOf returns the Go blocks of a document. What is given is for the next
// one only.
func snippetsOf(file, text string) ([]snippet, error) {
	blocks, err := blocksOf(file, text)
	var all []snippet
	var given block
	for _, b := range blocks {
		switch b.head {
		case givenHead:
			given = b
		case goFence:
			all = append(all, snippet{file: file, code: b.text, codeLine: b.line, given: given.text, givenLine: given.line})
			given = block{}
		}
	}
	return all, err
}

// blocksOf returns the fenced blocks of a document, and the comments that give
// something.
func blocksOf(file, text string) ([]block, error) {
	var all []block
	var open block
	number, end := 0, ""
	for line := range strings.Lines(text) {
		number++
		switch mark := strings.TrimSpace(line); {
		case end == "" && mark == givenHead:
			open, end = block{head: mark, line: number + 1}, givenTail
		case end == "" && strings.HasPrefix(mark, fence):
			open, end = block{head: mark, line: number + 1}, fence
		case end != "" && mark == end:
			all, end = append(all, open), ""
		case end != "":
			open.text += line
		}
	}
	if end != "" {
		return all, fmt.Errorf("house: %s:%d: %s has no end", file, open.line-1, open.head)
	}
	return all, nil
}

// sources returns the files of a package that compiles if the snippet does, by
// name. Its lines count as those of the document.
func (s snippet) sources(packages map[string]string) map[string]string {
	files := map[string]string{"code.go": s.wrapped(packages)}
	if s.given != "" {
		files["given.go"] = s.headed(s.given, "", s.givenLine, packages)
	}
	return files
}

// wrapped returns the code as a file.
func (s snippet) wrapped(packages map[string]string) string {
	if _, err := parser.ParseFile(token.NewFileSet(), "", s.code, parser.PackageClauseOnly); err == nil {
		return s.line(s.codeLine) + s.code
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+s.code, parser.SkipObjectResolution); err == nil {
		return s.headed(s.code, "", s.codeLine, packages)
	}
	return s.headed(s.code, "func _() {\n", s.codeLine, packages)
}

// headed returns code as a file with a package clause and the imports it needs.
// An opening wraps it, and is closed behind it.
func (s snippet) headed(code, opening string, line int, packages map[string]string) string {
	closing := ""
	if opening != "" {
		closing = "\n}\n"
	}
	var b strings.Builder
	b.WriteString("package snippet\n")
	for _, path := range needed("package p\n"+opening+code+closing, packages) {
		b.WriteString("import " + strconv.Quote(path) + "\n")
	}
	b.WriteString(opening + s.line(line) + code + closing)
	return b.String()
}

// line returns the directive that makes the next line one of the document.
func (s snippet) line(n int) string {
	return fmt.Sprintf("//line %s:%d\n", path.Base(s.file), n)
}

// needed returns the import paths of the packages that a file uses by name and
// neither declares nor imports.
func needed(source string, packages map[string]string) []string {
	file, _ := parser.ParseFile(token.NewFileSet(), "", source, parser.AllErrors)
	if file == nil {
		return nil
	}
	qualifies := map[*ast.Ident]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if name, ok := selector.X.(*ast.Ident); ok {
				qualifies[name] = true
			}
		}
		return true
	})
	known := imported(file)
	var paths []string
	for _, name := range file.Unresolved {
		if qualifies[name] && !known[name.Name] && packages[name.Name] != "" {
			known[name.Name] = true
			paths = append(paths, packages[name.Name])
		}
	}
	return paths
}

// imported returns the names under which a file imports packages itself.
func imported(file *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, spec := range file.Imports {
		to, _ := strconv.Unquote(spec.Path.Value)
		names[path.Base(to)] = true
		if spec.Name != nil {
			names[spec.Name.Name] = true
		}
	}
	return names
}
