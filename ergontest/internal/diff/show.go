package diff

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mostText bounds how much of one value is shown, in bytes.
const mostText = 400

// writer shows a node, until there is enough.
type writer struct {
	strings.Builder
	most  int
	above map[*node]bool // what is being shown
}

// show returns the node as text of about most bytes.
func (n *node) show(most int) string {
	w := writer{most: most, above: map[*node]bool{}}
	w.node(n)
	return cut(w.String(), most)
}

// cut shortens a text, between two characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

// showTyped is show with the type in front.
func (n *node) showTyped(most int) string {
	if n.typ == nil {
		return n.show(most)
	}
	return fmt.Sprintf("%v(%s)", n.typ, n.show(most))
}

func (w *writer) node(n *node) {
	switch {
	case w.Len() > w.most:
		return
	case w.above[n]:
		w.WriteString("(itself)")
		return
	case n.form == verse:
		w.WriteString(strconv.Quote(n.text))
		return
	case n.text != "":
		w.WriteString(n.text)
		return
	}
	w.above[n] = true
	defer delete(w.above, n)
	w.parts(n)
}

func (w *writer) parts(n *node) {
	switch n.form {
	case pointer:
		w.WriteByte('&')
		w.node(n.kids[0])
	case list:
		w.row(n, "[", "]", false)
	case table:
		w.row(n, "map[", "]", true)
	case fields:
		w.row(n, "{", "}", true)
	}
}

func (w *writer) row(n *node, open, end string, named bool) {
	w.WriteString(open)
	for i, kid := range n.kids {
		if w.Len() > w.most {
			break
		}
		if i > 0 {
			w.WriteString(", ")
		}
		if named {
			w.WriteString(n.keys[i] + ": ")
		}
		w.node(kid)
	}
	w.WriteString(end)
}
