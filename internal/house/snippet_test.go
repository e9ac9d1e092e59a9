package house

import (
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestSnippetsCompile(t *testing.T) {
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	snippets, err := w.documents()
	is.NoErr(err)
	is.True(len(snippets) > 0) // the documents were read
	faults, err := w.compile(t.TempDir(), snippets)
	is.NoErr(err)
	report(t, "faults in the documents' snippets", faults)
}

func TestSnippetsOf(t *testing.T) {
	is := is.New(t)
	got, err := snippetsOf("README.md", strings.Join([]string{
		"# Title", "```sh", "make test", "```", "<!-- given", "var ctx context.Context", "-->", "text", "```go", "a()", "b()", "```",
		"<!-- a remark -->", "  ```go", "  c()", "  ```",
	}, "\n"))
	is.NoErr(err)
	is.Equal(got, []snippet{
		{file: "README.md", code: "a()\nb()\n", codeLine: 10, given: "var ctx context.Context\n", givenLine: 6},
		{file: "README.md", code: "  c()\n", codeLine: 15}, // what was given is for one block
	})
}

func TestSnippetWithoutEnd(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{name: "a block", text: "text\n```go\na()\n", want: "house: README.md:2: ```go has no end"},
		{name: "what is given", text: "<!-- given\nvar a int\n", want: "house: README.md:1: <!-- given has no end"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			_, err := snippetsOf("README.md", tc.text)
			is.Equal(err.Error(), tc.want)
		})
	}
}

func TestCompile(t *testing.T) {
	snippets := []snippet{
		{file: "README.md", codeLine: 10, code: "package main\n\nfunc main() { missing() }\n"},
		{file: "README.md", codeLine: 20, code: "type order struct{ ID string }\n\nfunc id(o order) int { return o.ID }\n"},
		{file: "README.md", codeLine: 30, code: "tx := ergon.NewTransaction(\"a\", 1)\nfmt.Println(tx.ID())\nx := 1\n"},
		{file: "docs/README.md", codeLine: 40, code: "err := run(ctx)\n", givenLine: 35, given: "var ctx context.Context\n\nfunc run(string) error { return nil }\n"},
		{file: "README.md", codeLine: 50, code: "ok := true\nif ok {\n"},
		{file: "README.md", codeLine: 60, code: "import \"os\"\n\nvar _ = os.Args\n", givenLine: 55, given: "var clock other.Clock\n"},
	}
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	faults, err := w.compile(t.TempDir(), snippets)
	is.NoErr(err)
	got := strings.Join(faults, "\n")
	for _, want := range []string{
		"README.md:12: undefined: missing",
		"README.md:22: cannot use o.ID",
		"docs/README.md:40: cannot use ctx",
		"README.md:55: undefined: other",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not reported: %s", want)
		}
	}
	is.True(strings.Contains(got, "README.md:5"))   // the block without its end
	is.True(!strings.Contains(got, "README.md:3"))  // an unused variable, imports of ours and of the library
	is.True(!strings.Contains(got, "README.md:6"))  // a snippet with an import of its own
	is.True(!strings.Contains(got, "declared and")) // what a reader does with a variable is not shown
}

func TestNeededImports(t *testing.T) {
	packages := map[string]string{"sink": "x/sink", "time": "time", "source": "x/source"}
	for _, tc := range []struct {
		name, code string
		want       []string
	}{
		{name: "what is used by name", code: "func f() { sink.Discard(time.Second, time.Hour) }", want: []string{"x/sink", "time"}},
		{name: "a variable of that name", code: "func f() { sink := 1; use(sink.x) }"},
		{name: "a plain use of a name given elsewhere", code: "func f() { use(source) }"},
		{name: "what is imported already", code: "import \"my/sink\"\n\nvar _ = sink.X"},
		{name: "what is imported under that name", code: "import sink \"my/other\"\n\nvar _ = sink.X"},
		{name: "a type as parameter", code: "func f(d time.Duration) {}", want: []string{"time"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(needed("package p\n"+tc.code, packages), tc.want)
		})
	}
}

func TestWhatTheCompilerDidNotSay(t *testing.T) {
	is := is.New(t)
	_, understood := compilerFaults("go: no such toolchain\n", nil)
	is.True(!understood)
	_, understood = compilerFaults("", nil)
	is.True(!understood) // a failure without a word is not a success
}
