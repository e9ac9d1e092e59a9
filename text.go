package ergon

import (
	"strconv"
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

func itoa(n int) string { return strconv.Itoa(n) }
