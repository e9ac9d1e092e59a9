package main

import (
	"encoding/binary"
	"errors"

	"github.com/ergon-go/ergon"
)

// recordCodec stores records in the queue: texts, each behind its length. A shop
// exports in whatever encoding it has, and JSON would not keep that byte for
// byte.
type recordCodec struct{}

var errRecord = errors.New("orders: is not a stored record")

// Encode returns the bytes that stand for a record.
func (recordCodec) Encode(r ergon.Record) ([]byte, error) {
	fault := ""
	if r.Err != nil {
		fault = r.Err.Error()
	}
	b := binary.AppendUvarint(nil, uint64(max(r.Line, 0)))
	b = appendTexts(b, r.Raw, fault)
	b = appendTexts(binary.AppendUvarint(b, uint64(len(r.Header))), r.Header...)
	return appendTexts(binary.AppendUvarint(b, uint64(len(r.Fields))), r.Fields...), nil
}

func appendTexts(b []byte, texts ...string) []byte {
	for _, text := range texts {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return b
}

// Decode returns the record that the bytes stand for.
func (recordCodec) Decode(stored []byte) (ergon.Record, error) {
	rest := reader{rest: stored}
	r := ergon.Record{Line: int(rest.number()), Raw: rest.text()}
	if fault := rest.text(); fault != "" {
		r.Err = ergon.Business(errors.New(fault))
	}
	r.Header, r.Fields = rest.texts(), rest.texts()
	if rest.bad || len(rest.rest) > 0 {
		return ergon.Record{}, errRecord
	}
	return r, nil
}

// reader reads what was appended. What is not there is zero and noted.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) text() string {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	text := string(r.rest[:n])
	r.rest = r.rest[n:]
	return text
}

func (r *reader) texts() []string {
	n := r.number()
	if n > uint64(len(r.rest)) { // each takes a byte at least
		r.bad = true
		return nil
	}
	texts := make([]string, n)
	for i := range texts {
		texts[i] = r.text()
	}
	return texts
}
