package planted

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// only returns which bugs are hunted: those whose names match ERGON_BUGS; all
// unless set.
func only() string { return os.Getenv("ERGON_BUGS") }

// chosen returns the bugs that are hunted.
func chosen(t *testing.T) []bug {
	t.Helper()
	pattern, err := regexp.Compile(only())
	if err != nil {
		t.Fatalf("ERGON_BUGS: %v", err)
	}
	bugs := slices.DeleteFunc(all(), func(b bug) bool { return !pattern.MatchString(b.name) })
	if len(bugs) == 0 {
		t.Fatalf("ERGON_BUGS: no bug is called %q", only())
	}
	return bugs
}
