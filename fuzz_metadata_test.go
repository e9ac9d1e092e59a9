package ergon_test

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

// labels is metadata as one would write it in a minute: the model of Metadata.
type labels map[string]any

// with returns the metadata and the model with one more value, of a kind that the
// number says.
func (l labels) with(m ergon.Metadata, key string, kind byte, text []byte, number int64) (ergon.Metadata, labels) {
	next := labels{}
	for k, v := range l {
		next[k] = v
	}
	switch kind % 7 {
	case 0:
		next[key], m = string(text), m.With(key, string(text))
	case 1:
		next[key], m = number, m.With(key, number)
	case 2:
		next[key], m = int64(int(number)), m.With(key, int(number))
	case 3:
		f := math.Float64frombits(uint64(number))
		next[key], m = f, m.With(key, f)
	case 4:
		next[key], m = number%2 == 0, m.With(key, number%2 == 0)
	case 5:
		at := time.Unix(number/1e9, number%1e9)
		next[key], m = at, m.With(key, at)
	case 6:
		next[key], m = bytes.Clone(text), m.With(key, text)
		for i := range text { // it is ours again
			text[i]++
		}
	}
	return m, next
}

// alike compares two values of metadata, down to the bits.
func alike(a, b any) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && math.Float64bits(a) == math.Float64bits(b)
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	}
	return a == b
}

// holds compares metadata with its model, and spoils all bytes it is given.
func (l labels) holds(t *testing.T, m ergon.Metadata) {
	t.Helper()
	if m.Len() != len(l) {
		t.Fatalf("%d values, not %d", m.Len(), len(l))
	}
	var keys []string
	for key, value := range m.All() {
		if want, there := l[key]; !there || !alike(value, want) {
			t.Fatalf("%q: %v, not %v", key, value, want)
		}
		keys = append(keys, key)
		l.gets(t, m, key)
		if b, ok := value.([]byte); ok && len(b) > 0 {
			b[0]++
		}
	}
	if !slices.IsSorted(keys) {
		t.Fatalf("%q are not in order", keys)
	}
}

// gets asks for one value as each of the types there are.
func (l labels) gets(t *testing.T, m ergon.Metadata, key string) {
	t.Helper()
	got := []any{}
	add := func(v any, ok bool) {
		if ok {
			got = append(got, v)
		}
	}
	text, ok := m.Get[string](key)
	add(text, ok)
	number, ok := m.Get[int64](key)
	add(number, ok)
	share, ok := m.Get[float64](key)
	add(share, ok)
	yes, ok := m.Get[bool](key)
	add(yes, ok)
	at, ok := m.Get[time.Time](key)
	add(at, ok)
	raw, ok := m.Get[[]byte](key)
	add(raw, ok)
	if len(got) != 1 || !alike(got[0], l[key]) {
		t.Fatalf("%q is %v, not %v", key, got, l[key])
	}
	_, whole := l[key].(int64)
	if n, ok := m.Get[int](key); ok != whole || int64(n) != number {
		t.Fatalf("%q as an int: %d, %v", key, n, ok)
	}
}

// FuzzMetadata holds that metadata is a map that nobody can change: whatever is
// added to it, it stays as it was, and so do the bytes in it.
func FuzzMetadata(f *testing.F) {
	mixed := make([]byte, 300)
	for i := range mixed {
		mixed[i] = byte(i*89 + i/3)
	}
	f.Add(mixed, "text", int64(math.MinInt64))
	f.Add([]byte{0, 0, 6, 0, 1, 1, 6, 1}, "", int64(-1))
	f.Add([]byte{3, 0, 3, 0}, "\xff", int64(0x7ff8000000000001))
	f.Fuzz(func(t *testing.T, script []byte, text string, number int64) {
		m, model := ergon.Metadata{}, labels{}
		for pair := range slices.Chunk(script[:min(len(script), 100)], 2) {
			key := string(pair[len(pair)-1:])
			before := model
			next, after := model.with(m, key, pair[0], []byte(text), number+int64(pair[0]))
			before.holds(t, m)
			after.holds(t, next)
			m, model = next, after
		}
		model.holds(t, ergon.MetadataOf(model))
	})
}
