package ergon

import "slices"

// AppendWith appends to dst what tx.With(payload) returns, and returns the longer
// slice, as append does: it is written to the spare memory of dst, whatever was there
// before, and dst grows where there is none. It is for sources and engines that make
// many: each is written once, where it is to stay, while what With returns is copied.
func AppendWith[T, U any](dst []Transaction[U], tx *Transaction[T], payload *U) []Transaction[U] {
	n := len(dst)
	if n == cap(dst) {
		dst = slices.Grow(dst, 1)
	}
	dst = dst[:n+1]
	next := &dst[n]
	next.id, next.payload, next.metadata, next.receipt, next.deliveries = tx.id, *payload, tx.metadata, nil, tx.deliveries
	return dst
}

// AppendNumbered appends to dst what Numbered returns for each of the payloads, of
// which the first has the position first and the others follow, and returns the
// longer slice, as append does: they are written to the spare memory of dst, whatever
// was there before, and dst grows where that is too little. It is for sources that
// have many at once, and for the Fill of a Filler.
func AppendNumbered[T any](dst []Transaction[T], source string, first int64, payloads []T) []Transaction[T] {
	n := len(dst)
	dst = slices.Grow(dst, len(payloads))[:n+len(payloads)]
	added := dst[n:]
	for i := range added {
		t := &added[i]
		t.id.base, t.id.number, t.id.separator = source, first+int64(i), ':'
		t.payload = payloads[i]
		t.metadata, t.receipt, t.deliveries = Metadata{}, nil, 0
	}
	return dst
}
