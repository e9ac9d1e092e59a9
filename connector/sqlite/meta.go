package sqlite

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/ergon-go/ergon"
)

// The stored form of metadata: a version, then for each value its key, its kind
// and itself. Lengths and whole numbers are varints, the rest is big-endian.
const metaVersion = 1

const (
	kindString = iota + 1
	kindInt
	kindFloat
	kindFalse
	kindTrue
	kindTime
	kindBytes
	kindNil // bytes that are nil, not just empty
)

// Where a time stood: the name of a zone means nothing on another machine, so its
// offset and abbreviation are kept.
const (
	zoneUTC = iota + 1
	zoneOther
)

var errMeta = errors.New("the stored metadata is damaged")

// encodeMeta is lossless: every value, NaN and all, comes back as it was. No
// metadata at all is no byte at all.
func encodeMeta(m ergon.Metadata) []byte {
	stored := []byte{}
	if m.Len() == 0 {
		return stored
	}
	stored = append(stored, metaVersion)
	for key, value := range m.All() {
		stored = appendText(stored, key)
		stored = appendValue(stored, value)
	}
	return stored
}

func appendText[S string | []byte](b []byte, s S) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendText(append(b, kindString), v)
	case int64:
		return binary.AppendVarint(append(b, kindInt), v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, kindFloat), math.Float64bits(v))
	case bool:
		if v {
			return append(b, kindTrue)
		}
		return append(b, kindFalse)
	case time.Time:
		return appendTime(append(b, kindTime), v)
	case []byte:
		if v != nil {
			return appendText(append(b, kindBytes), v)
		}
	}
	return append(b, kindNil)
}

func appendTime(b []byte, t time.Time) []byte {
	b = binary.AppendVarint(b, t.Unix())
	b = binary.AppendUvarint(b, uint64(t.Nanosecond()))
	if t.Location() == time.UTC {
		return append(b, zoneUTC)
	}
	name, offset := t.Zone()
	return appendText(binary.AppendVarint(append(b, zoneOther), int64(offset)), name)
}

func decodeMeta(stored []byte) (ergon.Metadata, error) {
	if len(stored) == 0 {
		return ergon.Metadata{}, nil
	}
	r := &metaReader{left: stored}
	if r.byte() != metaVersion {
		return ergon.Metadata{}, errMeta
	}
	values := map[string]any{}
	for len(r.left) > 0 && !r.bad {
		key := string(r.text())
		values[key] = r.value()
	}
	if r.bad {
		return ergon.Metadata{}, errMeta
	}
	return ergon.MetadataOf(values), nil
}

// metaReader takes values off the front of what is left. After the first that is
// not there it is bad, and yields zero values.
type metaReader struct {
	left []byte
	bad  bool
}

// next is the next n bytes; nothing is allocated before they are seen to exist.
func (r *metaReader) next(n uint64) []byte {
	if r.bad || n > uint64(len(r.left)) {
		r.bad = true
		return nil
	}
	b := r.left[:n:n]
	r.left = r.left[n:]
	return b
}

func (r *metaReader) byte() byte {
	if b := r.next(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *metaReader) uint() uint64 {
	v, n := binary.Uvarint(r.left)
	r.next(uint64(max(n, 0)))
	r.bad = r.bad || n <= 0
	return v
}

func (r *metaReader) int() int64 {
	v, n := binary.Varint(r.left)
	r.next(uint64(max(n, 0)))
	r.bad = r.bad || n <= 0
	return v
}

func (r *metaReader) text() []byte { return r.next(r.uint()) }

func (r *metaReader) value() any {
	switch r.byte() {
	case kindString:
		return string(r.text())
	case kindInt:
		return r.int()
	case kindFloat:
		if b := r.next(8); b != nil {
			return math.Float64frombits(binary.BigEndian.Uint64(b))
		}
	case kindFalse:
		return false
	case kindTrue:
		return true
	case kindTime:
		return r.time()
	case kindBytes:
		return append([]byte{}, r.text()...)
	case kindNil:
		return []byte(nil)
	default:
		r.bad = true
	}
	return nil
}

func (r *metaReader) time() time.Time {
	seconds, nanos := r.int(), r.uint()
	if nanos >= uint64(time.Second) {
		r.bad = true
	}
	zone := time.UTC
	switch r.byte() {
	case zoneUTC:
	case zoneOther:
		offset := r.int()
		r.bad = r.bad || int64(int32(offset)) != offset
		zone = time.FixedZone(string(r.text()), int(offset))
	default:
		r.bad = true
	}
	if r.bad {
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanos)).In(zone)
}
