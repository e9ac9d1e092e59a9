package ergonotel_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	ergonotel "github.com/ergon-go/ergon/otel"
)

func TestScrub(t *testing.T) {
	for text, want := range map[string]string{
		"no connection":                                       "no connection",
		"dial postgres://clerk:s3cret@db:5432/x":              "dial postgres://clerk:***@db:5432/x",
		"dial amqp://:s3cret@mq":                              "dial amqp://:***@mq",
		"clerk:s3cret@tcp(db:3306)/x":                         "clerk:***@tcp(db:3306)/x",
		"password=s3cret host=db":                             "password=*** host=db",
		`{"client_secret": "s3 cret", "id": 1}`:               `{"client_secret": ***, "id": 1}`,
		"DB_PASSWORD: s3cret":                                 "DB_PASSWORD: ***",
		"sasl.password='s3 cret'":                             "sasl.password=***",
		"Authorization: Bearer abcdefgh.s3cret":               "Authorization: ***",
		"https://host/?api_key=s3cret&x=1":                    "https://host/?api_key=***",
		"a\nb\x1b[31m\u202e":                                  `a\nb\x1b[31m\u202e`,
		"https://host:8080/path":                              "https://host:8080/path",
		`parse "postgres://clerk:pa/s3cret@host/db": invalid`: `parse "postgres://clerk:***@host/db": invalid`,
		"u:p@s3cret@tcp(h)/db":                                "u:***@tcp(h)/db",
		"u:s3cret@(h)/db u:s3cret@/db":                        "u:***@(h)/db u:***@/db",
		"https://ghp_s3cret@github.com/x":                     "https://***@github.com/x",
		"AccountKey=s3cret==;x":                               "AccountKey=***",
		"clientSecret: s3cret":                                "clientSecret: ***",
		"accessToken=s3cret":                                  "accessToken=***",
		`{\"password\":\"s3cret\"}`:                           `{\"password\":***`,
		"Authorization: ApiKey s3cret x":                      "Authorization: ***",
		"Cookie: a=s3cret; b=c":                               "Cookie: ***",
		"X-Amz-Signature=s3cret":                              "X-Amz-Signature=***",
		`password="s3cret unclosed`:                           "password=***",
		"password=s3cret,x;y&z":                               "password=***",
		"used basic s3cret123":                                "used basic ***",
		"10:30 tokens were used: fine":                        "10:30 tokens were used: fine",
		strings.Repeat("x", 2*ergon.LongestText):              strings.Repeat("x", ergon.LongestText) + "…",
		"broken \xff utf8":                                    "broken \uFFFD utf8",
	} {
		t.Run(text[:min(len(text), 20)], func(t *testing.T) { is.New(t).Equal(ergonotel.Scrub(text), want) })
	}
}

// What is shown can be seen, is whole UTF-8 and bounded, whatever it was, and what was
// hidden stays so when it is shown again.
func FuzzScrub(f *testing.F) {
	f.Add("postgres://a:b@c", "password=")
	f.Add("\x00\xff", "token: 'x y'")
	f.Fuzz(func(t *testing.T, before, after string) {
		shown := ergonotel.Scrub(before + after)
		if !utf8.ValidString(shown) || strings.ContainsFunc(shown, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q cannot be seen", shown)
		}
		if shown := ergonotel.Scrub("x postgres://clerk:canary@host"); strings.Contains(shown, "canary") {
			t.Errorf("%q", shown)
		}
		if got := ergonotel.Scrub(before + " postgres://clerk:canary7@host "); len(before) < 500 && strings.Contains(got, "canary7") && !strings.Contains(before, "canary7") {
			t.Errorf("%q shows a password", got)
		}
	})
}
