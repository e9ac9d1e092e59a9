package ergon_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestMetadataKeepsEveryType(t *testing.T) {
	is := is.New(t)
	now := time.Now()
	var m ergon.Metadata
	m = m.With("string", "s").With("int", 1).With("int64", int64(math.MaxInt64)).With("float", 1.5).
		With("bool", true).With("time", now).With("bytes", []byte("b"))
	is.Equal(m.Len(), 7)
	is.Equal(value[string](is, m, "string"), "s")
	is.Equal(value[int](is, m, "int"), 1)
	is.Equal(value[int64](is, m, "int"), int64(1)) // an int is kept as an int64
	is.Equal(value[int64](is, m, "int64"), int64(math.MaxInt64))
	is.Equal(value[float64](is, m, "float"), 1.5)
	is.Equal(value[bool](is, m, "bool"), true)
	is.Equal(value[time.Time](is, m, "time"), now)
	is.Equal(value[[]byte](is, m, "bytes"), []byte("b"))
}

func value[V ergon.Value](is *is.I, m ergon.Metadata, key string) V {
	is.Helper()
	v, ok := m.Get[V](key)
	is.True(ok)
	return v
}

func TestMetadataHasNoValueOfAnotherTypeOrKey(t *testing.T) {
	is := is.New(t)
	m := ergon.Metadata{}.With("text", "1").With("number", 1)
	_, ok := m.Get[int]("text")
	is.True(!ok)
	_, ok = m.Get[[]byte]("text")
	is.True(!ok)
	_, ok = m.Get[string]("number")
	is.True(!ok)
	_, ok = m.Get[float64]("number")
	is.True(!ok)
	_, ok = m.Get[string]("Text") // keys are exact
	is.True(!ok)
	_, ok = ergon.Metadata{}.Get[string]("text")
	is.True(!ok)
}

func TestMetadataSharesNoBytes(t *testing.T) {
	given := []byte("kept")
	for _, test := range []struct {
		name string
		m    ergon.Metadata
	}{
		{"With", ergon.Metadata{}.With("k", given)},
		{"MetadataOf", ergon.MetadataOf(map[string]any{"k": given})},
		{"WithMeta", ergon.NewTransaction("", 1).WithMeta("k", given).Metadata()},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			copy(given, "gone") // by who gave it
			taken := value[[]byte](is, test.m, "k")
			is.Equal(string(taken), "kept")
			copy(taken, "gone") // by who took it
			for _, v := range test.m.All() {
				is.Equal(string(v.([]byte)), "kept")
				copy(v.([]byte), "gone")
			}
			is.Equal(string(value[[]byte](is, test.m, "k")), "kept")
			copy(given, "kept")
		})
	}
}

func TestMetadataWithLeavesTheOldOneAlone(t *testing.T) {
	is := is.New(t)
	old := ergon.MetadataOf(map[string]any{"b": "1", "d": "2"})
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		is.Equal(value[string](is, old.With(key, "new"), key), "new")
	}
	is.Equal(list(old), "b=1 d=2 ")
	is.Equal(list(old.With("c", "new")), "b=1 c=new d=2 ")
	is.Equal(list(old.With("b", "new")), "b=new d=2 ")
}

func list(m ergon.Metadata) string {
	text := ""
	for k, v := range m.All() {
		text += fmt.Sprint(k, "=", v, " ")
	}
	return text
}

func TestMetadataOf(t *testing.T) {
	for _, test := range []struct {
		name string
		in   map[string]any
		want string
	}{
		{"nil", nil, ""},
		{"empty", map[string]any{}, ""},
		{"sorted", map[string]any{"b": 2, "a": "1", "c": true}, "a=1 b=2 c=true "},
		{"values of other types are left out", map[string]any{"a": 1, "b": struct{}{}, "c": nil, "d": int32(1), "e": time.Second}, "a=1 "},
		{"nothing is left", map[string]any{"a": nil}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			is.New(t).Equal(list(ergon.MetadataOf(test.in)), test.want)
		})
	}
}

func TestMetadataOfALargeSet(t *testing.T) {
	is := is.New(t)
	const n = 100_000
	in := make(map[string]any, n)
	for i := range n {
		in[strconv.Itoa(i)] = i
	}
	m := ergon.MetadataOf(in)
	is.Equal(m.Len(), n)
	last := ""
	for k, v := range m.All() {
		if strconv.FormatInt(v.(int64), 10) != k || k <= last && last != "" {
			t.Fatalf("%q = %v after %q", k, v, last)
		}
		last = k
	}
	is.Equal(value[int](is, m, "99999"), 99_999)
}

func TestMetadataIsKeptByteForByte(t *testing.T) {
	is := is.New(t)
	for _, text := range []string{"", "\x00", "a\x00b", "\xff\xfe", "\u202e", "é", "e\u0301"} {
		m := ergon.Metadata{}.With(text, text).With(text+"b", []byte(text))
		is.Equal(value[string](is, m, text), text)
		is.Equal(string(value[[]byte](is, m, text+"b")), text)
	}
}

func TestMetadataAllStopsWhenTold(t *testing.T) {
	is := is.New(t)
	seen := 0
	for range ergon.MetadataOf(map[string]any{"a": 1, "b": 2}).All() {
		seen++
		break
	}
	is.Equal(seen, 1)
}

func TestMetadataString(t *testing.T) {
	is := is.New(t)
	is.Equal(ergon.Metadata{}.String(), "0 metadata values")
	is.Equal(ergon.Metadata{}.With("a", 1).String(), "1 metadata value")
	is.Equal(fmt.Sprintf("%#v", ergon.Metadata{}.With("a", 1).With("b", 1)), "2 metadata values")
}
