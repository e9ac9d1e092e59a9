package sqlite

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

// valueOf makes a value of metadata: a kind, and bytes that say which.
func valueOf(kind byte, raw []byte) any {
	var bits [16]byte
	copy(bits[:], raw)
	number := int64(binary.BigEndian.Uint64(bits[:]))
	switch kind % 8 {
	case 0:
		return string(raw)
	case 1:
		return number
	case 2:
		return math.Float64frombits(uint64(number))
	case 3:
		return number%2 == 0
	case 4:
		return raw
	case 5:
		return []byte(nil)
	case 6:
		return time.Unix(number, int64(bits[8])*3_900_000).UTC()
	}
	zone := time.FixedZone(string(raw[min(len(raw), 12):]), int(int32(binary.BigEndian.Uint32(bits[8:])))%86400)
	return time.Unix(number, int64(bits[12])*3_900_000).In(zone)
}

// FuzzMetadataRoundTrip holds that metadata of any values, under any keys, comes
// back from its stored form as it was, down to the bits, and that the same
// metadata is always stored the same way.
func FuzzMetadataRoundTrip(f *testing.F) {
	mixed := make([]byte, 200)
	for i := range mixed {
		mixed[i] = byte(i*97 + i/5)
	}
	f.Add(mixed, byte(9))
	f.Add([]byte{}, byte(1))
	for kind := range byte(8) {
		f.Add([]byte{kind, 0x7f, 0xf8, 0, 0, 0, 0, 0, 1, 255, 0, 0, 0, 7, 'C', 'E', 'T'}, byte(17))
		f.Add([]byte{kind}, byte(1))
		f.Add([]byte{kind, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, byte(14))
	}
	f.Fuzz(func(t *testing.T, script []byte, width byte) {
		values := map[string]any{}
		for part := range slices.Chunk(script[:min(len(script), 4000)], max(1, int(width))) {
			values[string(part[len(part)/2:])] = valueOf(part[0], part[1:])
		}
		m := ergon.MetadataOf(values)
		stored := encodeMeta(m)
		back, err := decodeMeta(stored)
		if err != nil || back.Len() != len(values) {
			t.Fatalf("%d of %d values: %v", back.Len(), len(values), err)
		}
		for key, value := range back.All() {
			if !sameValue(value, values[key]) {
				t.Fatalf("%q: %v became %v", key, values[key], value)
			}
		}
		if again := encodeMeta(back); !bytes.Equal(again, stored) {
			t.Fatalf("%x, then %x", stored, again)
		}
		for n := range stored { // what is cut off is noticed, or is less
			if cut, err := decodeMeta(stored[:n]); err == nil && cut.Len() >= m.Len() && m.Len() > 0 {
				t.Fatalf("%d of %d bytes hold it all", n, len(stored))
			}
		}
	})
}
