package house

import (
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestFilesAreInOrder(t *testing.T) {
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	faults, err := w.hygieneFaults()
	is.NoErr(err)
	report(t, "faults in files", faults)
}

func TestFileFaults(t *testing.T) {
	notOurs := foreign{homes, place("/srv/ergon")}
	for _, tc := range []struct {
		name, path, text string
		want             []string
	}{
		{name: "nothing", path: "a.go", text: "package a\n"},
		{name: "exactly as long as allowed", path: "a.go", text: strings.Repeat("\n", 300)},
		{name: "too long", path: "a.go", text: strings.Repeat("\n", 301), want: []string{"a.go: 301 lines, at most 300"}},
		{name: "a long test", path: "a_test.go", text: strings.Repeat("\n", 301)},
		{name: "a long document", path: "README.md", text: strings.Repeat("\n", 301)},
		{name: "a home", path: "README.md", text: "\nsee /" + "home/ann/x", want: []string{"README.md:2: names a place of one machine: /" + "home/a"}},
		{name: "the superuser's", path: "a.go", text: "\"/" + "root/x\"", want: []string{"a.go:1: names a place of one machine: \"/" + "root/x"}},
		{name: "the checkout", path: "a.go", text: "in /srv/ergon/retry", want: []string{"a.go:1: names a place of one machine: /srv/ergon/"}},
		{name: "the checkout at the end", path: "a.go", text: "cd /srv/ergon", want: []string{"a.go:1: names a place of one machine: /srv/ergon"}},
		{name: "a longer name", path: "a.go", text: "/srv/ergontest"},
		{name: "part of an address", path: "README.md", text: "https://example.org/" + "home/ann and https://example.org/srv/ergon"},
		{name: "put off", path: "a.go", text: "// TO" + "DO: later", want: []string{"a.go:1: TO" + "DO: do it, or open an issue"}},
		{name: "part of a word", path: "a.go", text: "func TO" + "DOS()"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(fileFaults(tc.path, tc.text, notOurs), tc.want)
		})
	}
}
