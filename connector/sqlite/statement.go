package sqlite

import "strings"

// single reports whether a query is one statement: whether nothing but space and
// comments follows its first semicolon. A trigger, whose body has semicolons, is
// not one by this reading.
func single(query string) bool {
	ended := false
	for rest := query; rest != ""; {
		token := tokenLength(rest)
		switch {
		case rest[0] == ';':
			ended = true
		case isSpace(rest[0]) || strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "/*"):
		case ended:
			return false
		}
		rest = rest[token:]
	}
	return true
}

// tokenLength returns how long the comment, the text or name in quotes, or the
// single character is that a query begins with. What is not closed goes to the end.
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
	}
	return 1
}

// through returns the length of what ends with the first end behind from.
func through(query string, from int, end string) int {
	if i := strings.Index(query[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(query)
}

func isSpace(b byte) bool { return strings.IndexByte(" \t\r\n\f", b) >= 0 }
