package sqlite

import (
	"iter"
	"strings"
)

// single reports whether a query is one statement: whether nothing but space,
// comments and more semicolons follow the one that ends it. It must never take
// two statements for one; of what SQLite itself refuses it may say anything.
func single(query string) bool {
	if !strings.Contains(query, ";") {
		return true // as most are
	}
	var all []string
	ended := false
	for token := range tokens(query) {
		if ended && token != ";" {
			return false
		}
		all = append(all, token)
		ended = ended || token == ";" && (!makesTrigger(all) || endsTrigger(all))
	}
	return true
}

// makesTrigger reports whether a statement is one whose body has semicolons.
func makesTrigger(all []string) bool {
	if len(all) < 3 || !strings.EqualFold(all[0], "CREATE") {
		return false
	}
	if strings.EqualFold(all[1], "TEMP") || strings.EqualFold(all[1], "TEMPORARY") {
		return strings.EqualFold(all[2], "TRIGGER")
	}
	return strings.EqualFold(all[1], "TRIGGER")
}

// endsTrigger reports whether the last semicolon is the one behind the END of a
// body. Only that END follows another semicolon: the one of a CASE cannot, and
// counting would fail at names, which may be BEGIN, CASE and END as well.
func endsTrigger(all []string) bool {
	n := len(all)
	return n >= 3 && strings.EqualFold(all[n-2], "END") && all[n-3] == ";"
}

// tokens yields what a query consists of, without space and comments.
func tokens(query string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest := query; rest != ""; {
			token := rest[:tokenLength(rest)]
			rest = rest[len(token):]
			if isSpace(token[0]) || strings.HasPrefix(token, "--") || strings.HasPrefix(token, "/*") {
				continue
			}
			if !yield(token) {
				return
			}
		}
	}
}

// tokenLength returns how long the comment, the text or name in quotes, the
// parameter, the word or the single character is that a query begins with. What
// is not closed goes to the end.
func tokenLength(query string) int {
	switch {
	case strings.HasPrefix(query, "--"):
		return through(query, 2, "\n")
	case strings.HasPrefix(query, "/*"):
		return through(query, 2, "*/")
	}
	switch query[0] {
	case '\'', '"', '`':
		return through(query, 1, query[:1]) // a doubled quote begins the next text at once
	case '[':
		return through(query, 1, "]")
	case '$', '@', ':', '#':
		return parameterLength(query)
	}
	return max(wordLength(query), 1)
}

// parameterLength knows that the name of a parameter may end with parentheses,
// as in $name(anything), and that a quote in them begins no text.
func parameterLength(query string) int {
	n := 1
	for n < len(query) && (isWord(query[n]) || query[n] == ':') {
		n++
	}
	if n > 1 && strings.HasPrefix(query[n:], "(") {
		return through(query, n, ")")
	}
	return n
}

func wordLength(query string) int {
	n := 0
	for n < len(query) && isWord(query[n]) {
		n++
	}
	return n
}

// through returns the length of what ends with the first end behind from.
func through(query string, from int, end string) int {
	if i := strings.Index(query[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(query)
}

func isSpace(b byte) bool { return strings.IndexByte(" \t\r\n\f", b) >= 0 }

// isWord reports what SQLite takes for a part of a name, the dollar included.
func isWord(b byte) bool {
	return b == '_' || b == '$' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}
