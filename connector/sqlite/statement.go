package sqlite

import "strings"

// single reports whether a query is one statement: whether nothing but space and
// comments follows its first semicolon. Those in the body of a trigger, between
// its BEGIN and END, do not count.
func single(query string) bool {
	ended, depth, words := false, 0, []string(nil)
	for rest := query; rest != ""; {
		token := rest[:tokenLength(rest)]
		rest = rest[len(token):]
		switch {
		case isSpace(token[0]) || strings.HasPrefix(token, "--") || strings.HasPrefix(token, "/*"):
		case token == ";" && depth == 0:
			ended = true
		case ended:
			return false
		case isWord(token[0]):
			words = append(words, strings.ToUpper(token))
			depth += bodyStep(words)
		}
	}
	return true
}

// bodyStep returns by how much the last word changes the depth in the body of a
// trigger; 0 in every other statement.
func bodyStep(words []string) int {
	if !makesTrigger(words) {
		return 0
	}
	switch words[len(words)-1] {
	case "BEGIN", "CASE":
		return 1
	case "END":
		return -1
	}
	return 0
}

func makesTrigger(words []string) bool {
	if len(words) < 3 || words[0] != "CREATE" {
		return false
	}
	return words[1] == "TRIGGER" || words[2] == "TRIGGER" && (words[1] == "TEMP" || words[1] == "TEMPORARY")
}

// tokenLength returns how long the comment, the text or name in quotes, the word
// or the single character is that a query begins with. What is not closed goes to the end.
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
	n := 0
	for n < len(query) && isWord(query[n]) {
		n++
	}
	return max(n, 1)
}

// through returns the length of what ends with the first end behind from.
func through(query string, from int, end string) int {
	if i := strings.Index(query[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(query)
}

func isSpace(b byte) bool { return strings.IndexByte(" \t\r\n\f", b) >= 0 }

func isWord(b byte) bool {
	return b == '_' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}
