package ergon_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/ergon-go/ergon"
)

// hostile are texts that would do something to a line of a log.
var hostile = []string{
	"", "orders:7", "a\nlevel=ERROR msg=forged", "a\r\n", "\x1b[31mred", "\u202egnp.exe", "\u2066x\u2069", "\u0085\u2028\u2029", "\x00", "a\xffb",
	`"} {"level":"ERROR"`, "\u00a0\ufeff\u200b", "é", strings.Repeat("é", 500), "\U000e0041", "%s%n%!v(PANIC=x)", "a=b c=d", "`$(id)`", "\\n",
}

// disclosed are the ways in which a value reaches a reader, and what it shows there.
func disclosed(v any) map[string]string {
	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%q", "%x", "%X", "%t", "%b", "%300v", "%.3s"} {
		shown[verb] = fmt.Sprintf(verb, v)
	}
	shown["in an error"] = fmt.Errorf("storing %v", v).Error()
	shown["in a panic"] = (&ergon.PanicError{Value: v}).Error()
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text log": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"JSON log": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var out bytes.Buffer
		slog.New(handler(&out)).Info("stored", "it", v, slog.Group("within", "it", v))
		shown[name] = strings.TrimSuffix(out.String(), "\n")
	}
	return shown
}

// forms are the ways in which a secret can be spelled.
func forms(secret string) []string {
	digits := fmt.Sprint([]byte(secret)) //nolint:staticcheck // [99 97 …] is meant
	code := fmt.Sprintf("%#v", []byte(secret))
	return []string{secret, hex.EncodeToString([]byte(secret)), strings.Trim(digits, "[]"), code[len("[]byte{") : len(code)-1]}
}

// FuzzNothingIsShown holds that whatever a transaction and its failure hold, they
// show their id, where they failed and why, on one line on which everything can
// be seen, and never the payload, a metadata value or the receipt.
func FuzzNothingIsShown(f *testing.F) {
	for i, text := range hostile {
		f.Add(text, hostile[(i+5)%len(hostile)], []byte(hostile[(i+9)%len(hostile)]), int64(i))
	}
	f.Fuzz(func(t *testing.T, id, place string, salt []byte, number int64) {
		secret := "7531-" + hex.EncodeToString(salt[:min(len(salt), 8)]) + "-secret"
		tx := ergon.Numbered(id, number, secret).WithMeta("a", secret).WithMeta("b", []byte(secret)).WithReceipt(secret)
		failure := ergon.Failure[string]{Transaction: tx, Stage: place, Err: errors.New("too dear")}.WithAt(secret)
		failure.Also = []ergon.Failure[string]{failure}
		config := &ergon.ConfigError{Where: "orders", Value: fmt.Sprint(tx), Why: fmt.Sprint(tx.Metadata())}
		for what, v := range map[string]any{
			"transaction": tx, "child": tx.Child(3, secret), "bytes": tx.With([]byte(secret)), "several": []ergon.Transaction[string]{tx, tx},
			"metadata": tx.Metadata(), "failure": failure, "config": config,
			"settlement": ergon.Settlement[string]{Transaction: tx, Cause: failure.Err},
		} {
			for way, text := range disclosed(v) {
				checkShown(t, what+" as "+way, text, secret)
			}
		}
		checkMarshalled(t, tx, secret)
	})
}

// checkShown holds that a text is one line, of bounded length, without a secret.
func checkShown(t *testing.T, what, text, secret string) {
	t.Helper()
	for _, form := range forms(secret) {
		if strings.Contains(strings.ToLower(text), form) {
			t.Errorf("%s shows the secret: %s", what, text)
		}
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unseen) {
		t.Errorf("%s shows what cannot be seen: %q", what, text)
	}
}

// unseen finds what is no part of a line of text.
func unseen(r rune) bool { return !unicode.IsPrint(r) }

// checkMarshalled holds that a transaction in JSON is its id, as text.
func checkMarshalled(t *testing.T, tx ergon.Transaction[string], secret string) {
	t.Helper()
	text, err := json.Marshal(tx)
	var id string
	if err != nil || json.Unmarshal(text, &id) != nil || strings.Contains(string(text), secret) {
		t.Errorf("%s, %v", text, err)
	}
	checkShown(t, "marshalled", id, secret)
	full := tx.ID()
	if len(full) <= 256 && utf8.ValidString(full) && !strings.ContainsFunc(full, unseen) && id != full {
		t.Errorf("%q became %q", full, id)
	}
}

// FuzzPanicError holds that a panic of any value, with anything for a stack, is an
// error of bounded length that says where it was only where the stack says so.
func FuzzPanicError(f *testing.F) {
	stack := "goroutine 1 [running]:\nruntime/debug.Stack()\n\t/x/stack.go:1 +0x1\npanic({0x1?, 0x2?})\n\t/x/panic.go:9 +0x1\n"
	for i, text := range hostile {
		f.Add(text, []byte(stack+hostile[(i+3)%len(hostile)]))
		f.Add(text, []byte(stack+"main.price(0x1)\n\t/src/main.go:57 +0x1d\n"))
		f.Add(strings.Repeat(text, 99), []byte(stack+strings.Repeat("a", 2000)+".f(0x1)\n\t/src/m.go:7 +0x1\n"))
	}
	f.Add("", []byte(stack+"runtime.f(0x1)\n\t/r.go:1\nmain.(*T).price(...)\n\tC:/src/main.go:57 +0x1d\n"))
	f.Fuzz(func(t *testing.T, value string, stack []byte) {
		text := (&ergon.PanicError{Value: value, Stack: stack}).Error()
		if most := ergon.LongestText + len("panic: …"); len(text) > most {
			t.Fatalf("%d bytes, at most %d", len(text), most)
		}
		if !strings.HasPrefix(text, "panic: ") {
			t.Fatalf("%q", text)
		}
		if place := (&ergon.PanicError{Value: "", Stack: stack}).Error(); strings.ContainsAny(place, "\n\r\x1b") {
			t.Fatalf("the place is more than a line: %q", place)
		}
		if at := (&ergon.PanicError{Value: value}).Error(); at != "panic: "+ergon.CutText(value) {
			t.Fatalf("without a stack: %q", at)
		}
	})
}
