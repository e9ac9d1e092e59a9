package sqlite

import (
	"regexp"
	"strings"
)

var grammar = regexp.MustCompile(`\A[A-Za-z_][A-Za-z0-9_]{0,62}\z`)

const nameRule = "must be a letter or _, then at most 62 letters, digits or _"

// quoted is a name that has passed the grammar, as SQL reads it.
func quoted(name string) string { return `"` + name + `"` }

// tableFault says why a table may not be called so; empty where it may.
func tableFault(name string) string {
	lower := strings.ToLower(name)
	switch {
	case !grammar.MatchString(name):
		return nameRule
	case strings.HasPrefix(lower, "sqlite_"), strings.HasPrefix(lower, "ergon_"):
		return "the prefix is reserved"
	}
	return ""
}
