package sink

import (
	"encoding/csv"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestCSVFindsWhatACrashHasTorn(t *testing.T) {
	tests := []struct {
		name, before, kept, torn string
	}{
		{"whole records", "a,\"b\nb\"\nc,d\n", "a,\"b\nb\"\nc,d\n", "none"},
		{"half a record", "a,b\nc,", "a,b\n", "c,\n"},
		{"torn in quotes, behind a newline", "a,b\nc,\"d\n", "a,b\n", "c,\"d\n\n"},
		{"torn between two quotes that are one", "a,b\nc,\"d\"", "a,b\n", "c,\"d\"\n"},
		{"a quote in a field without quotes", "5\" disk,b\nc,d\n", "5\" disk,b\nc,d\n", "none"},
		{"two quotes that are one", "\"a\"\"\n\",b\n", "\"a\"\"\n\",b\n", "none"},
		{"a mark before a quote", "\ufeff\"a\nb\",c\n", "\ufeff\"a\nb\",c\n", "none"},
		{"torn in quotes behind a mark", "\ufeff\"a\nb", "", "\ufeff\"a\nb\n"},
		{"lines with a carriage return", "\"a\",b\r\nc,\"d\"\r\n", "\"a\",b\r\nc,\"d\"\r\n", "none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			path := filepath.Join(t.TempDir(), "out")
			put(t, path, tt.before)
			s := CSV[[]string](path)
			is.NoErr(s.Dispatch(t.Context(), txs([]string{"new", "one"})))
			is.NoErr(s.Stop(t.Context()))
			is.Equal(content(t, path), tt.kept+"new,one\n")
			is.Equal(content(t, path+".torn"), tt.torn)
		})
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "a", "a,b", "\"", "\n", "a\nb", " a", `\.`, "\r"} {
		f.Add(seed, seed+"x", byte(len(seed)/2))
	}
	f.Fuzz(func(t *testing.T, first, second string, cut byte) {
		encoded, err := table{comma: ','}.encode(nil, []string{first, second})
		if err != nil {
			t.Fatal(err)
		}
		plain := strings.NewReplacer("\r\n", "\n") // as the reader reads it in quotes
		back, err := csv.NewReader(strings.NewReader(string(encoded))).Read()
		if err != nil || !reflect.DeepEqual(back, []string{plain.Replace(first), plain.Replace(second)}) {
			t.Fatalf("%q is read back as %q, %v", encoded, back, err)
		}
		text := string(encoded) + string(encoded[:int(cut)%len(encoded)]) // one record, and a part of another
		whole, err := table{comma: ','}.whole(strings.NewReader(text), int64(len(text)))
		if err != nil || whole != int64(len(encoded)) {
			t.Fatalf("of %q %d bytes are whole, %v", text, whole, err)
		}
	})
}
