package sqlite

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestMetadataComesBackAsItWas(t *testing.T) {
	negativeNaN := math.Float64frombits(0xfff8000000000123)
	tests := []struct {
		name  string
		value any
	}{
		{"text", "a\x00b\xff"}, {"no text", ""},
		{"most", int64(math.MaxInt64)}, {"least", int64(math.MinInt64)}, {"zero", int64(0)},
		{"float", 0.1}, {"infinite", math.Inf(-1)}, {"not a number", math.NaN()}, {"another NaN", negativeNaN},
		{"minus zero", math.Copysign(0, -1)},
		{"true", true}, {"false", false},
		{"bytes", []byte{0, 1, 255}}, {"no bytes", []byte{}}, {"nil bytes", []byte(nil)},
		{"nanoseconds", time.Date(2026, 11, 23, 1, 2, 3, 123456789, time.UTC)},
		{"zone", time.Date(2026, 11, 23, 1, 2, 3, 1, time.FixedZone("CET", 3600))},
		{"odd zone", time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("", -12345))},
		{"no time", time.Time{}},
		{"far times", time.Unix(math.MaxInt64/2, 999999999).UTC()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			m, err := decodeMeta(encodeMeta(ergon.MetadataOf(map[string]any{"key\x00": tt.value, "other": "x"})))
			is.NoErr(err)
			is.Equal(m.Len(), 2)
			got, want := valuesOf(m)["key\x00"], tt.value
			is.True(sameValue(got, want))
		})
	}
}

func valuesOf(m ergon.Metadata) map[string]any {
	values := map[string]any{}
	for key, value := range m.All() {
		values[key] = value
	}
	return values
}

// sameValue is equality down to the bits.
func sameValue(a, b any) bool {
	switch x := a.(type) {
	case float64:
		y, ok := b.(float64)
		return ok && math.Float64bits(x) == math.Float64bits(y)
	case []byte:
		y, ok := b.([]byte)
		return ok && bytes.Equal(x, y) && (x == nil) == (y == nil)
	case time.Time:
		y, ok := b.(time.Time)
		xName, xOffset := x.Zone()
		yName, yOffset := y.Zone()
		return ok && x.Equal(y) && xName == yName && xOffset == yOffset
	}
	return a == b
}

func TestNoMetadataTakesNoRoom(t *testing.T) {
	is := is.New(t)
	is.Equal(encodeMeta(ergon.Metadata{}), []byte{})
	m, err := decodeMeta(nil)
	is.NoErr(err)
	is.Equal(m.Len(), 0)
}

func TestDamagedMetadataIsAnError(t *testing.T) {
	whole := encodeMeta(ergon.MetadataOf(map[string]any{
		"a": "text", "b": int64(1), "c": 1.5, "d": time.Unix(1, 2).In(time.FixedZone("X", 60)), "e": []byte("xy"),
	}))
	tests := []struct {
		name   string
		stored []byte
	}{
		{"unknown version", []byte{2}},
		{"no kind", []byte{metaVersion, 1, 'k'}},
		{"unknown kind", []byte{metaVersion, 1, 'k', 99}},
		{"length beyond the end", []byte{metaVersion, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}},
		{"length that overflows", bytes.Repeat([]byte{0xff}, 12)},
		{"too many nanoseconds", []byte{metaVersion, 1, 'k', kindTime, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, zoneUTC}},
		{"unknown zone", []byte{metaVersion, 1, 'k', kindTime, 0, 0, 9}},
		{"cut off", whole[:len(whole)-1]},
		{"something behind", append(bytes.Clone(whole), 0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			_, err := decodeMeta(tt.stored)
			is.Equal(err, errMeta)
		})
	}
}

func FuzzDecodeMetadata(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{metaVersion})
	f.Add(encodeMeta(ergon.MetadataOf(map[string]any{
		"a": "text", "b": int64(-1), "c": math.NaN(), "d": time.Unix(1, 2), "e": []byte("xy"), "f": true, "g": false, "h": []byte(nil),
	})))
	f.Fuzz(func(t *testing.T, stored []byte) {
		m, err := decodeMeta(stored)
		if err != nil {
			return
		}
		again, err := decodeMeta(encodeMeta(m))
		if err != nil || again.Len() != m.Len() {
			t.Fatalf("%x: %v", stored, err)
		}
		values := valuesOf(again)
		for key, value := range m.All() {
			if !sameValue(values[key], value) {
				t.Fatalf("%q: %v, then %v", key, value, values[key])
			}
		}
	})
}
