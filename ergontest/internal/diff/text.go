package diff

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// beforeDifference returns where to begin so that the first difference of two
// texts is shown, with something in front of it.
func beforeDifference(a, b string) int {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	i = max(0, i-mostText/8)
	for i > 0 && !utf8.RuneStart(a[i]) {
		i--
	}
	return i
}

// quoted shows a text from some byte on.
func quoted(text string, from int) string {
	shown := cut(text[from:], mostText)
	if from > 0 {
		return fmt.Sprintf("%s (from byte %d)", strconv.Quote("…"+shown), from)
	}
	return strconv.Quote(shown)
}

func indented(text string) string { return "\t" + strings.ReplaceAll(text, "\n", "\n\t") }
