package ergontest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// NoSecret fails the test if any of these texts is in anything that was logged: in
// a message, a key, or a value, whichever way handlers write it. Give a secret that
// is in nothing else, to where it must not come out again.
func (l *Logs) NoSecret(t testing.TB, secrets ...string) {
	t.Helper()
	var said []utterance
	for _, r := range l.All() {
		said = append(said, r.said...)
	}
	noSecret(t, said, secrets)
}

// utterance is something that a recorder was told, in words.
type utterance struct {
	where string // what it was, without the words themselves
	texts []string
}

// noSecret fails a test where a secret is in anything that was said.
func noSecret(t testing.TB, said []utterance, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if secret == "" {
			t.Errorf("ergontest: an empty secret is in everything")
			continue
		}
		forms := []string{secret, unquoted(strconv.Quote(secret)), unquoted(asJSON(secret))}
		for _, u := range said {
			if u.holds(forms) {
				t.Errorf("ergontest: the secret %q is in %s", secret, u.where)
			}
		}
	}
}

// holds reports whether any of these is said.
func (u utterance) holds(forms []string) bool {
	return slices.ContainsFunc(u.texts, func(text string) bool {
		return slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) })
	})
}

func unquoted(text string) string { return strings.TrimSuffix(strings.TrimPrefix(text, `"`), `"`) }

func asJSON(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return text // what is not UTF-8 is in no JSON either
	}
	return string(b)
}

// utterancesOf returns what a record says, part by part.
func utterancesOf(r LogRecord) []utterance {
	of := fmt.Sprintf("a record of level %v, ", r.Level)
	all := []utterance{{of + "in its message", []string{r.Message}}}
	for _, a := range r.Attrs {
		line, object := wordsOf(r.Level, "", a)
		texts := []string{a.Key, a.Value.String(), line, object}
		if b, ok := a.Value.Any().([]byte); ok {
			texts = append(texts, string(b))
		}
		all = append(all, utterance{fmt.Sprintf("%sin its attribute %q", of, a.Key), texts})
	}
	return all
}
