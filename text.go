package ergon

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LongestText bounds, in bytes, what of a panic value or of a reason is kept.
const LongestText = 1024

// cut returns s, or its beginning where it is longer than most bytes.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// CutText returns text, or its first LongestText bytes where it is longer.
func CutText(text string) string { return cut(text, LongestText) }

// escaped returns text in which everything can be seen: as it is or, where
// something cannot, as it stands between the quotes of a Go string.
func escaped(text string) string {
	unseen := func(r rune) bool { return !unicode.IsPrint(r) }
	if utf8.ValidString(text) && !strings.ContainsFunc(text, unseen) {
		return text
	}
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}

func itoa(n int) string { return strconv.Itoa(n) }
