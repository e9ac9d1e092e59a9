package ergonotel

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/ergon-go/ergon"
)

// hidden stands for what is not shown.
const hidden = "***"

// What looks like a credential: what stands before the host of a URL, the password of
// a DSN, a value that is named like one, a header that carries one.
var (
	inURL    = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://)([^\s"'<>@/:]*):[^\s"'<>]*@`)
	loneURL  = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://)[^\s"'<>@/:]+@`)
	inDSN    = regexp.MustCompile(`([^\s:/@"'(,]+):[^\s"']+@(\w*\(|/)`)
	byName   = regexp.MustCompile(`(?i)([a-z0-9_.-]*(?:` + words + `)[a-z0-9_.-]*\\?["']?\s*[=:]\s*)(\\?"(?:\\.|[^"\\])*\\?"?|'[^']*'?|[^\s"'}\])]+)`)
	inHeader = regexp.MustCompile(`(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(\s*[:=]\s*)[^\r\n]+`)
	bearer   = regexp.MustCompile(`(?i)\b(bearer|basic|digest|apikey)\s+[a-z0-9+/=._~-]{6,}`)
)

// words are those that names of credentials have in them.
const words = `password|passwd|passphrase|pwd|secret|token|credential|signature|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|secret[_-]?key|signing[_-]?key`

// Scrub returns a text as it may be shown: what looks like a credential in it (the user
// and password of a URL or DSN, a value named like a password, secret, token, signature
// or API key, an authorization, a cookie) replaced by ***, control characters escaped as
// in a Go string, so that it is one line, and no more than ergon.LongestText bytes of it.
// Where it is in doubt it hides too much. It cannot know a secret that looks like any
// other word.
func Scrub(text string) string {
	text = text[:min(len(text), 4*ergon.LongestText)] // what is beyond would be cut off anyway
	if strings.Contains(text, "@") {
		text = inURL.ReplaceAllString(text, "$1$2:"+hidden+"@")
		text = loneURL.ReplaceAllString(text, "${1}"+hidden+"@")
		text = inDSN.ReplaceAllString(text, "$1:"+hidden+"@$2")
	}
	if strings.ContainsAny(text, "=:") {
		text = inHeader.ReplaceAllString(text, "$1$2"+hidden)
		text = byName.ReplaceAllString(text, "${1}"+hidden)
	}
	if strings.Contains(text, " ") {
		text = bearer.ReplaceAllString(text, "$1 "+hidden)
	}
	return visible(ergon.CutText(text))
}

// visible returns a text without what a terminal or a reader of logs could take for
// something else.
func visible(text string) string {
	if plain(text) {
		return text
	}
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

// plain reports whether a text is of printable ASCII, as ids mostly are.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

func unseen(r rune) bool { return !unicode.IsPrint(r) }

// shown returns an error as it may be shown. One that cannot say what it is (a nil
// pointer) says its type.
func shown(err error) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("(%T)(nil)", err)
		}
	}()
	return Scrub(err.Error())
}

var likeSecret = regexp.MustCompile(`(?i)` + words + `|^authorization$|^cookie$|dsn`)

// secret reports whether a value of this name looks like one that must not be shown.
func secret(name string) bool { return likeSecret.MatchString(name) }
