package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/matryer/is"
)

func TestWhatIsExportedIsExplained(t *testing.T) {
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	packages, err := w.packages()
	is.NoErr(err)
	var faults []string
	for _, p := range packages {
		files, err := p.parsed(token.NewFileSet(), p.GoFiles...)
		is.NoErr(err)
		faults = append(faults, commentFaults(p.rel(), files)...)
	}
	report(t, "comments missing", faults)
}

func TestCommentFaults(t *testing.T) {
	const head = "// Package a is made up.\npackage a\n"
	for _, tc := range []struct {
		name, source string
		want         []string
	}{
		{name: "nothing exported", source: head + "func f() {}\ntype t struct{}\nfunc (t) M() {}\n"},
		{name: "no package comment", source: "package a\n", want: []string{"a: package has no comment"}},
		{name: "a function", source: head + "func F() {}\n", want: []string{"a: F has no comment"}},
		{name: "a function, explained", source: head + "// F does.\nfunc F() {}\n"},
		{name: "another name", source: head + "// Does it.\nfunc F() {}\n", want: []string{"a: F has a comment that does not begin with its name"}},
		{name: "a name that is only a beginning", source: head + "// Fit does.\nfunc F() {}\n", want: []string{"a: F has a comment that does not begin with its name"}},
		{name: "an article", source: head + "// A T is.\ntype T int\n"},
		{name: "the name and nothing else on the line", source: head + "// T\n// is.\ntype T int\n"},
		{name: "methods of a generic type", source: head + "// T is.\ntype T[A, B any] struct{}\nfunc (*T[A, B]) M() {}\nfunc (T[A, B]) N[C any]() {}\n", want: []string{"a: T.M has no comment", "a: T.N has no comment"}},
		{name: "a type in a group", source: head + "type (\n// T is.\nT int\nU int\n)\n", want: []string{"a: U has no comment"}},
		{name: "constants under one comment", source: head + "// Sizes.\nconst (\nA = 1\nB = 2\n)\n"},
		{name: "constants, each for itself", source: head + "const (\nA = 1 // one\n// B is.\nB = 2\nC = 3\n)\n", want: []string{"a: C has no comment"}},
		{name: "a directive is no comment", source: head + "//go:noinline\nfunc F() {}\n", want: []string{"a: F has no comment"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			file, err := parser.ParseFile(token.NewFileSet(), "a.go", tc.source, parser.ParseComments)
			is.NoErr(err)
			is.Equal(commentFaults("a", []*ast.File{file}), tc.want)
		})
	}
}
