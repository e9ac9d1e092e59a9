package ergon_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

const canary = "canary"

// secretive returns everything that holds a payload, a metadata value or a
// receipt, with a canary for each.
func secretive() map[string]any {
	tx := ergon.Numbered("orders", 7, canary).WithMeta("text", canary).WithMeta("bytes", []byte(canary)).WithReceipt(canary)
	failure := ergon.Failure[string]{Transaction: tx, Stage: "price", Err: errors.New("too dear")}.WithAt(canary)
	failure.Also = []ergon.Failure[string]{failure}
	return map[string]any{
		"transaction":          tx,
		"transaction, pointer": &tx,
		"transactions":         []ergon.Transaction[string]{tx},
		"transaction of bytes": tx.With([]byte(canary)),
		"metadata":             tx.Metadata(),
		"metadata in a struct": struct{ m ergon.Metadata }{tx.Metadata()},
		"failure":              failure,
		"failure, pointer":     &failure,
		"settlement":           ergon.Settlement[string]{Transaction: tx, Verdict: ergon.Returned, Cause: errors.New("too dear")},
		"event":                ergon.Event{Kind: ergon.KindTransaction, ID: tx.ID(), Metadata: tx.Metadata()},
	}
}

func TestNoVerbShowsASecret(t *testing.T) {
	for name, secret := range secretive() {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%q", "%x", "%X", "% x", "%t", "%f", "%c", "%U", "%o", "%b", "%e", "%g", "%T", "%10v", "%-200s", "%.3s", "no verb at all"} {
			t.Run(name+" "+verb, func(t *testing.T) {
				silent(t, fmt.Sprintf(verb, secret))
			})
		}
		t.Run(name+" in an error", func(t *testing.T) {
			silent(t, fmt.Errorf("storing %v", secret).Error())
		})
		t.Run(name+" in a panic", func(t *testing.T) {
			silent(t, (&ergon.PanicError{Value: secret}).Error())
		})
	}
}

func TestNoLogShowsASecret(t *testing.T) {
	for name, secret := range secretive() {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
				slog.New(handler).Info("stored", "it", secret, slog.Group("within", "it", secret))
			}
			silent(t, out.String())
		})
	}
}

func TestNoMarshallingShowsASecret(t *testing.T) {
	for name, secret := range secretive() {
		t.Run(name, func(t *testing.T) {
			for _, marshal := range []func(any) ([]byte, error){
				json.Marshal,
				func(v any) ([]byte, error) { return jsonv2.Marshal(v) },
			} {
				text, err := marshal(secret)
				silent(t, string(text))
				silent(t, fmt.Sprint(err))
			}
		})
	}
}

// silent fails the test if the text holds the canary in any form.
func silent(t *testing.T, text string) {
	t.Helper()
	bytes := fmt.Sprint([]byte(canary)) //nolint:staticcheck // [99 97 …] is meant
	for _, form := range []string{canary, hex.EncodeToString([]byte(canary)), strings.Trim(bytes, "[]"), "0x63, 0x61"} {
		if strings.Contains(strings.ToLower(text), form) {
			t.Errorf("shows the canary: %s", text)
		}
	}
}

func TestWhatIsShownInstead(t *testing.T) {
	secrets := secretive()
	log := func(v any) string {
		var out bytes.Buffer
		slog.New(slog.NewTextHandler(&out, nil)).Info("", "it", v)
		_, attributes, _ := strings.Cut(out.String(), `msg="" `)
		return strings.TrimSpace(attributes)
	}
	marshal := func(v any) string {
		text, err := json.Marshal(v)
		return fmt.Sprint(string(text), err)
	}
	for _, test := range []struct{ name, got, want string }{
		{"a transaction, printed", fmt.Sprintf("%d", secrets["transaction"]), `transaction "orders:7"`},
		{"a transaction, logged", log(secrets["transaction"]), `it=orders:7`},
		{"a transaction, marshalled", marshal(secrets["transaction"]), `"orders:7"<nil>`},
		{"an invalid id, marshalled", marshal(ergon.NewTransaction("a\xff", 1)), `"a\\xff"<nil>`},
		{"a failure, printed", fmt.Sprintf("%+v", secrets["failure"]), `transaction "orders:7" failed in "price": too dear`},
		{"a failure, logged", log(secrets["failure"]), `it.transaction=orders:7 it.stage=price it.category=system it.verdict=acked it.error="too dear"`},
		{"metadata, logged", log(secrets["metadata"]), `it="2 metadata values"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			is.New(t).Equal(test.got, test.want)
		})
	}
}
