package diff

import (
	"fmt"
	"strings"
)

// mostDifferences bounds how many differences are shown.
const mostDifferences = 12

// Of returns how what was got differs from what was wanted: for each difference
// its path, and both sides below it. It is empty where they are the same, and is
// thus the way to find that out too.
func Of(want, got any) string {
	c := newComparison("want:", "got: ")
	c.compare("", nodeOf(want, false), nodeOf(got, false))
	return c.String()
}

// comparison is that of two nodes.
type comparison struct {
	names [2]string
	quiet bool              // only find out whether there is a difference
	fixed bool              // elements of lists of one length belong together by index
	seen  map[[2]*node]bool // what was compared, or is being
	found []string
	count int
}

func newComparison(want, got string) *comparison {
	return &comparison{names: [2]string{want, got}, seen: map[[2]*node]bool{}}
}

// compare finds the differences below a path.
func (c *comparison) compare(path string, want, got *node) {
	both := [2]*node{want, got}
	if c.quiet && c.count > 0 || c.seen[both] {
		return
	}
	c.seen[both] = true
	if want.typ != got.typ || want.form != got.form || want.form != verse && want.text != got.text {
		c.differ(path, want, got)
		return
	}
	c.parts(path, want, got)
	c.spares(path, want, got)
}

// parts compares nodes of one form, part by part.
func (c *comparison) parts(path string, want, got *node) {
	switch want.form {
	case verse:
		c.verses(path, want, got)
	case pointer:
		c.compare(path, want.kids[0], got.kids[0])
	case list:
		c.lists(path, want, got)
	case fields:
		for i, name := range want.keys {
			c.compare(path+"."+name, want.kids[i], got.kids[i])
		}
	case table:
		c.tables(path, want, got)
	}
}

// lists compares lists; those that are not the same are put beside each other.
func (c *comparison) lists(path string, want, got *node) {
	if c.quiet && len(want.kids) != len(got.kids) {
		c.count++
		return
	}
	if (c.quiet || c.fixed) && len(want.kids) == len(got.kids) {
		for i := range want.kids {
			c.pair(path, pair{i, i}, want, got)
		}
		return
	}
	for _, p := range align(len(want.kids), len(got.kids), func(w, g int) bool { return want.kids[w].same(got.kids[g]) }) {
		c.pair(path, p, want, got)
	}
}

// spares compares what is behind the end of two lists of one length.
func (c *comparison) spares(path string, want, got *node) {
	if want.spare != nil && got.spare != nil && want.long == got.long && !want.spare.same(got.spare) {
		c.differ(fmt.Sprintf("%s[%d] (behind its end)", path, want.long), want.spare, got.spare)
	}
}

// pair compares two elements that stand beside each other.
func (c *comparison) pair(path string, p pair, want, got *node) {
	switch {
	case p.want < 0:
		c.differ(fmt.Sprintf("%s[%d]", path, p.got), nil, got.kids[p.got])
	case p.got < 0:
		c.differ(fmt.Sprintf("%s[%d]", path, p.want), want.kids[p.want], nil)
	default:
		c.compare(fmt.Sprintf("%s[%d]", path, p.want), want.kids[p.want], got.kids[p.got])
	}
}

// tables compares maps, whose keys are in order.
func (c *comparison) tables(path string, want, got *node) {
	w, g := 0, 0
	for w < len(want.keys) || g < len(got.keys) {
		switch {
		case g == len(got.keys) || w < len(want.keys) && want.keys[w] < got.keys[g]:
			c.differ(path+"["+want.keys[w]+"]", want.kids[w], nil)
			w++
		case w == len(want.keys) || got.keys[g] < want.keys[w]:
			c.differ(path+"["+got.keys[g]+"]", nil, got.kids[g])
			g++
		default:
			c.compare(path+"["+want.keys[w]+"]", want.kids[w], got.kids[g])
			w, g = w+1, g+1
		}
	}
}

// verses compares strings: line by line where they have some.
func (c *comparison) verses(path string, want, got *node) {
	switch {
	case want.text == got.text:
	case strings.Contains(want.text, "\n") && strings.Contains(got.text, "\n"):
		c.enter(path, indented(Lines(want.text, got.text)))
	default:
		from := 0 // shown is what differs, also of a long text
		if max(len(want.text), len(got.text)) > mostText/2 {
			from = beforeDifference(want.text, got.text)
		}
		c.enter(path, c.sides(quoted(want.text, from), quoted(got.text, from)))
	}
}

// differ enters a difference; nil is nothing.
func (c *comparison) differ(path string, want, got *node) {
	if c.quiet {
		c.count++
		return
	}
	w, g := "nothing", "nothing"
	if want != nil {
		w = want.show(mostText)
	}
	if got != nil {
		g = got.show(mostText)
	}
	if want != nil && got != nil && (want.typ != got.typ || w == g) {
		w, g = want.showTyped(mostText), got.showTyped(mostText)
	}
	c.enter(path, c.sides(w, g))
}

func (c *comparison) sides(want, got string) string {
	return fmt.Sprintf("\t%s %s\n\t%s %s", c.names[0], want, c.names[1], got)
}

func (c *comparison) enter(path, how string) {
	c.count++
	if c.quiet || len(c.found) == mostDifferences {
		return
	}
	path = strings.TrimPrefix(path, ".")
	if path == "" {
		path = "value"
	}
	c.found = append(c.found, path+":\n"+how)
}

// String is all differences.
func (c *comparison) String() string {
	if more := c.count - len(c.found); more > 0 {
		return strings.Join(c.found, "\n") + fmt.Sprintf("\nand %d more", more)
	}
	return strings.Join(c.found, "\n")
}
