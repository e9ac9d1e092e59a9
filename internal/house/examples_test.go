package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/matryer/is"
)

func TestVerbsHaveExamples(t *testing.T) {
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	packages, err := w.packages()
	is.NoErr(err)
	var public []documented
	for _, p := range packages {
		if p.public() {
			d, err := p.document()
			is.NoErr(err)
			public = append(public, d)
		}
	}
	report(t, "faults in Examples", exampleFaults(public, needNoExample))
}

func TestExampleFaults(t *testing.T) {
	for _, tc := range []struct {
		name, source, tests string
		exempt              map[string]string
		want                []string
	}{
		{name: "a function", source: "func F() {}", want: []string{"a.F has no Example"}},
		{name: "a function, shown", source: "func F() {}", tests: "func ExampleF() {\n// Output: x\n}"},
		{name: "shown with a suffix", source: "func F() {}", tests: "func ExampleF_twice() {\n// Output:\n}"},
		{name: "shown without checking", source: "func F() {}", tests: "func ExampleF() {}", want: []string{"a: ExampleF checks no output"}},
		{name: "not exported", source: "func f() {}"},
		{name: "a constructor", source: "type T int\nfunc New() T { return 0 }", want: []string{"a.New has no Example"}},
		{name: "methods of a generic type", source: "type T[A any] int\nfunc (T[A]) With[B any](B) T[B] { return 0 }\nfunc (T[A]) Do(A) {}", tests: "func ExampleT_With() {\n// Output: x\n}", want: []string{"a.T.Do has no Example"}},
		{name: "accessors", source: "type T int\nfunc (T) Len() int { return 0 }\nfunc (T) Get() (int, bool) { return 0, true }"},
		{name: "a method that only errs", source: "type T int\nfunc (T) Validate() error { return nil }", want: []string{"a.T.Validate has no Example"}},
		{name: "a method that makes another", source: "type T[A any] int\nfunc (T[A]) Ordered() T[A] { return 0 }", want: []string{"a.T.Ordered has no Example"}},
		{name: "a method that only acts", source: "type T int\nfunc (*T) Pause() {}", want: []string{"a.T.Pause has no Example"}},
		{name: "contracts", source: "type Sink interface{ Dispatch(int) error }\ntype T int\nfunc (T) Dispatch(int) error { return nil }\nfunc (T) Is(error) bool { return false }"},
		{name: "a source that checks itself", source: "type Source interface{ Fetch() }\ntype T int\nfunc (*T) Fetch() {}\nfunc (*T) Validate() error { return nil }"},
		{name: "a function of a contract's name", source: "type Sink interface{ Dispatch(int) error }\nfunc Dispatch() {}", want: []string{"a.Dispatch has no Example"}},
		{name: "for tests", source: "import \"testing\"\nfunc Run(t *testing.T) {}\nfunc Feed(t testing.TB) {}\nfunc Fuzz(f *testing.F) {}"},
		{name: "exempt", source: "func F() {}", exempt: map[string]string{"a.F": "it needs a terminal"}},
		{name: "exempt without a reason", source: "func F() {}", exempt: map[string]string{"a.F": ""}, want: []string{"a.F has no Example", "a.F is exempt from having an Example for no reason"}},
		{name: "exempt and shown", source: "func F() {}", tests: "func ExampleF() {\n// Output: x\n}", exempt: map[string]string{"a.F": "it needs a terminal"}, want: []string{"a.F is exempt from having an Example for no reason"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			fset := token.NewFileSet()
			code := parse(t, fset, "a.go", "package a\n"+tc.source)
			tests := parse(t, fset, "a_test.go", "package a_test\n"+tc.tests)
			d, err := documentOf(fset, "a", []*ast.File{code}, []*ast.File{tests})
			is.NoErr(err)
			is.Equal(exampleFaults([]documented{d}, tc.exempt), tc.want)
		})
	}
}

func parse(t *testing.T, fset *token.FileSet, name, source string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(fset, name, source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
