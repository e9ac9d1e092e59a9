package sqlite

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

type order struct {
	Number string
	Pence  int64
	Wait   time.Duration
	Tags   []string
	At     time.Time
	Rate   float64
	Links  map[string]int
}

func TestJSONComesBackAsItWas(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	tests := []struct {
		name    string
		payload order
	}{
		{"zero", order{}},
		{"all", order{"A1", math.MaxInt64, time.Second, []string{"<a>", "ü"}, at, 0.1, map[string]int{"x": 1}}},
		{"empty is not nil", order{Tags: []string{}, Links: map[string]int{}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			stored, err := JSON[order]().Encode(tt.payload)
			is.NoErr(err)
			got, err := JSON[order]().Decode(stored)
			is.NoErr(err)
			is.Equal(got, tt.payload)
		})
	}
}

func TestJSONErrorsDoNotShowTheValue(t *testing.T) {
	const secret = "canary-7531"
	tests := []struct {
		name, stored string
	}{
		{"another type", `{"Pence": "` + secret + `"}`},
		{"a number too large", `{"Pence": 75317531753175317531753175317531}`},
		{"no JSON", secret},
		{"a bad date", `{"At": "` + secret + `"}`},
		{"a name twice", `{"Number": "` + secret + `", "Number": "` + secret + `"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			_, err := JSON[order]().Decode([]byte(tt.stored))
			is.True(err != nil)
			is.True(!strings.Contains(err.Error(), "7531"))
		})
	}
	is := is.New(t)
	_, err := JSON[order]().Encode(order{Number: secret + "\xff"})
	is.True(err != nil) // rather than altered
	is.True(!strings.Contains(err.Error(), "7531"))
}

func FuzzQueueRoundTrip(f *testing.F) {
	f.Add("id", []byte("payload"), "key", "value")
	f.Add("\x00\xff'\"", []byte{}, "", "\xc3\x28")
	db, err := Open(f.Context(), f.TempDir()+"/fuzz.db")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	q := Queue(db, "fuzz", Bytes())
	f.Fuzz(func(t *testing.T, id string, payload []byte, key, value string) {
		if id == "" {
			return
		}
		if _, err := db.Exec(t.Context(), "DELETE FROM ergon_acked"); err != nil {
			t.Fatal(err)
		}
		enqueued(t, q, ergon.NewTransaction(id, payload).WithMeta(key, value))
		txs := fetched(t, q, 1)
		if len(txs) != 1 || txs[0].ID() != id || string(txs[0].Payload()) != string(payload) {
			t.Fatalf("%q came back as %v", id, txs)
		}
		if got, _ := txs[0].Metadata().Get[string](key); got != value {
			t.Fatalf("%q came back as %q", value, got)
		}
		settled(t, q, txs, ergon.Settlement[[]byte]{Verdict: ergon.Acked})
	})
}
