package ergon

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Value is what metadata may hold.
type Value interface {
	string | int | int64 | float64 | bool | time.Time | []byte
}

// Metadata is an immutable set of named values that travel with a Transaction:
// routing keys, headers, file names, line numbers. Keys and values are kept byte
// for byte. The zero value is empty. Safe for concurrent use.
type Metadata struct {
	fields **[]field // sorted by key, never written to after it is stored here
}

// newMetadata takes the fields over. A pointer to a pointer is what package fmt
// never follows, not even for a verb that does not fit and in a struct whose
// methods it cannot call.
func newMetadata(fields []field) Metadata {
	kept := &struct {
		at     *[]field
		fields []field
	}{fields: fields}
	kept.at = &kept.fields
	return Metadata{fields: &kept.at}
}

type field struct {
	key   string
	value any // one of Value, an int as int64; bytes are our own copy
}

// MetadataOf returns Metadata with all values of m at once, which costs less
// than one With after another. Values of no type in Value are left out.
func MetadataOf(m map[string]any) Metadata {
	fields := make([]field, 0, len(m))
	for key, value := range m {
		switch v := value.(type) {
		case string, int64, float64, bool, time.Time:
			fields = append(fields, field{key, v})
		case int:
			fields = append(fields, field{key, int64(v)})
		case []byte:
			fields = append(fields, field{key, bytes.Clone(v)})
		}
	}
	if len(fields) == 0 {
		return Metadata{}
	}
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.key, b.key) })
	return newMetadata(fields)
}

// With returns the Metadata with one more value, in place of one of the same
// key. It copies the set: O(n).
func (m Metadata) With[V Value](key string, value V) Metadata {
	old := m.list()
	at, found := find(old, key)
	fields := make([]field, 0, len(old)+1)
	fields = append(append(fields, old[:at]...), field{key, stored(value)})
	if found {
		at++
	}
	fields = append(fields, old[at:]...)
	return newMetadata(fields)
}

// Get returns the value of a key, and whether there is one of that type. An
// int64 may be read as int; a []byte is a copy.
func (m Metadata) Get[V Value](key string) (V, bool) {
	var none V
	at, found := find(m.list(), key)
	if !found {
		return none, false
	}
	value := m.list()[at].value
	switch any(none).(type) {
	case int:
		n, ok := value.(int64)
		v, same := any(int(n)).(V)
		return v, ok && same && int64(int(n)) == n
	case []byte:
		b, ok := value.([]byte)
		v, same := any(bytes.Clone(b)).(V)
		return v, ok && same
	}
	v, ok := value.(V)
	return v, ok
}

// Len returns the number of values.
func (m Metadata) Len() int { return len(m.list()) }

// All yields keys and values in the order of the keys. Values are of the types
// in Value, never int; a []byte is a copy.
func (m Metadata) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, f := range m.list() {
			value := f.value
			if b, ok := value.([]byte); ok {
				value = bytes.Clone(b)
			}
			if !yield(f.key, value) {
				return
			}
		}
	}
}

// String says how many values there are, never which: they may be secret.
func (m Metadata) String() string {
	if m.Len() == 1 {
		return "1 metadata value"
	}
	return itoa(m.Len()) + " metadata values"
}

// Format writes what String says, whatever the verb.
func (m Metadata) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) }

// LogValue logs how many values there are.
func (m Metadata) LogValue() slog.Value { return slog.StringValue(m.String()) }

func (m Metadata) list() []field {
	if m.fields == nil {
		return nil
	}
	return **m.fields
}

func find(fields []field, key string) (int, bool) {
	return slices.BinarySearchFunc(fields, key, func(f field, key string) int { return strings.Compare(f.key, key) })
}

// stored returns what is kept of a value: nothing its owner could still change.
func stored[V Value](value V) any {
	switch v := any(value).(type) {
	case int:
		return int64(v)
	case []byte:
		return bytes.Clone(v)
	}
	return value
}
