package ergonotel

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/ergon-go/ergon"
)

// hidden stands for what is not shown.
const hidden = "***"

// What looks like a credential: the password of a URL, a value that is named like
// one, a header that carries one.
var (
	inURL    = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://[^\s/?#:@]*):[^\s/?#@]+@`)
	inDSN    = regexp.MustCompile(`(^|[\s"'(,])([^\s:/@"'(,]+):[^\s@]+@(tcp|unix|udp)\(`)
	byName   = regexp.MustCompile(`(?i)\b([a-z0-9_.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[a-z0-9_.-]*)("?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&"')}\]]+)`)
	inHeader = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[a-z0-9+/=._~-]{8,}`)
)

// Scrub returns a text as it may be shown: what looks like a credential in it (the
// password of a URL or DSN, a value named like a password, secret, token or key, a
// bearer or basic authorization) replaced by ***, control characters escaped as in a
// Go string, and no more than ergon.LongestText bytes of it. It cannot know a secret
// that looks like any other word.
func Scrub(text string) string {
	text = inURL.ReplaceAllString(text, "$1:"+hidden+"@")
	text = inDSN.ReplaceAllString(text, "$1$2:"+hidden+"@$3(")
	text = byName.ReplaceAllString(text, "$1$2"+hidden)
	text = inHeader.ReplaceAllString(text, "$1 "+hidden)
	return visible(ergon.CutText(text))
}

// visible returns a text without what a terminal or a reader of logs could take for
// something else.
func visible(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if !strings.ContainsFunc(text, unseen) {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if unseen(r) {
			quoted := strconv.QuoteRune(r)
			out.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func unseen(r rune) bool { return !unicode.IsPrint(r) }

// shown returns an error as it may be shown.
func shown(err error) string { return Scrub(err.Error()) }

var likeSecret = regexp.MustCompile(`(?i)^(.*[_.-])?(password|passwd|passphrase|pwd|secret|token|authorization|cookie|credentials?|dsn|(api|access|private|secret)[_-]?key)([_.-].*)?$`)

// secret reports whether a value of this name looks like one that must not be shown.
func secret(name string) bool { return likeSecret.MatchString(name) }
