package planted

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestPlant(t *testing.T) {
	one := func(name, old, text string) bug { return bug{name: name, file: "f.go", old: old, new: text} }
	for _, c := range []struct {
		name string
		text string
		bugs []bug
		want string
		says string
	}{
		{name: "takes the place of a text", text: "a b c", bugs: []bug{one("x", "b", `On("x")`)}, want: `a On("x") c`},
		{name: "keeps the text where it says so", text: "a b c", bugs: []bug{one("x", "b", `On("x", @)`)}, want: `a On("x", b) c`},
		{name: "two in one place", text: "a b c", bugs: []bug{one("x", "b", `On("x", @)`), one("y", "b", `On("y", @)`)}, want: `a On("y", On("x", b)) c`},
		{name: "two places", text: "a b c", bugs: []bug{one("x", "c", `"x"`), one("y", "a", `"y"`)}, want: `"y" b "x"`},
		{name: "the text is gone", text: "a c", bugs: []bug{one("x", "b", `"x"`)}, says: "x: 0 times in f.go"},
		{name: "the text is there twice", text: "b b", bugs: []bug{one("x", "b", `"x"`)}, says: "x: 2 times in f.go"},
		{name: "two that overlap", text: "a b c", bugs: []bug{one("x", "a b", `"x"`), one("y", "b c", `"y"`)}, says: "two bugs overlap"},
		{name: "no switch", text: "a", bugs: []bug{one("x", "a", "b")}, says: "x does not look at its switch"},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			got, err := plant(c.text, c.bugs)
			if c.says != "" {
				is.True(err != nil && strings.Contains(err.Error(), c.says))
				is.Equal(errors.Is(err, errMoved), strings.Contains(c.says, "times"))
				return
			}
			is.NoErr(err)
			is.Equal(got, c.want)
		})
	}
}

func TestBugsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range all() {
		if seen[b.name] || b.name == "" || b.promise == "" {
			t.Errorf("%q is there twice, or lacks a promise", b.name)
		}
		seen[b.name] = true
	}
}

// Whoever has changed the library is told of all bugs that have lost their place at
// once, and before anything is built.
func TestEveryBugHasItsPlace(t *testing.T) {
	for _, b := range all() {
		text, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(b.file)))
		if err != nil {
			t.Errorf("%s: %v", b.name, err)
			continue
		}
		for _, e := range b.edits() {
			if n := strings.Count(string(text), e.old); n != 1 {
				t.Errorf("%s: %d times in %s:\n%s", b.name, n, b.file, e.old)
			}
		}
	}
}
