package sqlite

import (
	jsonv1 "encoding/json"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
)

// Codec turns payloads into the bytes that a queue stores, and back. Decode may
// keep the bytes it is given, but not write to them. Both are called by several
// goroutines at once.
type Codec[T any] interface {
	Encode(payload T) ([]byte, error)
	Decode(stored []byte) (T, error)
}

// JSON stores payloads as JSON. Names match exactly, durations are numbers of
// nanoseconds, nil slices and maps stay nil, and text that is not UTF-8 is an
// error rather than altered. Its errors say where, never what, the value is.
//
// It is a codec, for what the queue itself has written. stage.JSON is another
// thing: a function for a stage, which only decodes and finds names without
// regard to case, for what others wrote.
func JSON[T any]() Codec[T] { return jsonCodec[T]{} }

// Bytes stores payloads as they are. A nil payload comes back empty.
func Bytes() Codec[[]byte] { return bytesCodec{} }

// String stores payloads as they are, byte for byte.
func String() Codec[string] { return stringCodec{} }

type jsonCodec[T any] struct{}

var jsonOptions = json.JoinOptions(jsonv1.FormatDurationAsNano(true), json.FormatNilSliceAsNull(true), json.FormatNilMapAsNull(true))

func (jsonCodec[T]) Encode(payload T) ([]byte, error) {
	stored, err := json.Marshal(payload, jsonOptions)
	if err != nil {
		return nil, fmt.Errorf("%T is not JSON%s", payload, whereInJSON(err))
	}
	return stored, nil
}

func (jsonCodec[T]) Decode(stored []byte) (T, error) {
	var payload T
	if err := json.Unmarshal(stored, &payload, jsonOptions); err != nil {
		return payload, fmt.Errorf("the JSON is not %T%s", payload, whereInJSON(err))
	}
	return payload, nil
}

// whereInJSON is all that may be told of an error: the rest quotes the value.
func whereInJSON(err error) string {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return fmt.Sprintf(": syntax, byte %d", syntax.ByteOffset)
	}
	var semantic *json.SemanticError
	if errors.As(err, &semantic) && semantic.GoType != nil {
		return fmt.Sprintf(": %s, byte %d", semantic.GoType, semantic.ByteOffset)
	}
	return ""
}

type bytesCodec struct{}

func (bytesCodec) Encode(payload []byte) ([]byte, error) { return payload, nil }
func (bytesCodec) Decode(stored []byte) ([]byte, error)  { return stored, nil }

type stringCodec struct{}

func (stringCodec) Encode(payload string) ([]byte, error) { return []byte(payload), nil }
func (stringCodec) Decode(stored []byte) (string, error)  { return string(stored), nil }
