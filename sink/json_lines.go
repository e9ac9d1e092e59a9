package sink

import (
	"bytes"
	"encoding/json"
	"errors"
)

// JSONLines returns a sink that writes each payload as JSON, as encoding/json
// writes it but with <, > and & as they are, in a line of its own at the end of
// a file. It follows that a []byte is written as base64: what is JSON already
// should be a json.RawMessage. A payload that cannot be encoded is refused, as a
// fault of the data.
func JSONLines[T any](path string) *File[T] {
	return newFile(path, kind[T]{name: "sink.JSONLines", layout: lines{}, encode: jsonLine[T]})
}

// jsonLine passes a pointer on, so that a MarshalJSON of the pointer is found.
func jsonLine[T any](dst []byte, payload T) ([]byte, error) {
	text := bytes.NewBuffer(dst)
	encoder := json.NewEncoder(text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(&payload); err != nil {
		return dst, &unwritable{why: "cannot be encoded as JSON: " + faultOfJSON(err), err: err}
	}
	return text.Bytes(), nil
}

// faultOfJSON returns what is wrong in words that come from types alone, never
// from values.
func faultOfJSON(err error) string {
	if e, ok := errors.AsType[*json.UnsupportedTypeError](err); ok {
		return "unsupported type " + e.Type.String()
	}
	if _, ok := errors.AsType[*json.UnsupportedValueError](err); ok {
		return "unsupported value"
	}
	if e, ok := errors.AsType[*json.MarshalerError](err); ok {
		return "type " + e.Type.String() + " fails to encode itself"
	}
	return "it does not encode"
}
