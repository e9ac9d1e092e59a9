package ergontest

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/ergon-go/ergon/pipeline"
)

// Codec turns payloads into what a fuzzer changes, and back.
type Codec[T any] struct {
	Encode func(T) ([]byte, error)
	Decode func([]byte) (T, error) // an error: it is no payload, and is passed over
}

// Fuzz feeds a pipeline with payloads that a fuzzer makes of those of a table's
// cases, one at a time, each in virtual time of its own: from within a Fuzz
// function of go test, as its last call. What Run promises is checked of each, and
// no function of the pipeline may panic; what a case wants, and its faults, do not
// count here. A payload that the pipeline refuses is no fault.
//
// A string and a []byte are changed as they are, anything else as JSON; FuzzWith
// takes another Codec.
func Fuzz[T any](f *testing.F, build func(w *World[T]) pipeline.Pipeline, cases ...Case[T]) {
	f.Helper()
	FuzzWith(f, codecOf[T](), build, cases...)
}

// FuzzWith is Fuzz with a Codec.
func FuzzWith[T any](f *testing.F, codec Codec[T], build func(w *World[T]) pipeline.Pipeline, cases ...Case[T]) {
	f.Helper()
	if codec.Encode == nil || codec.Decode == nil {
		f.Fatal("ergontest: a Codec needs Encode and Decode")
	}
	for _, c := range cases {
		for i, tx := range c.transactions() {
			b, err := codec.Encode(tx.Payload())
			if err != nil {
				f.Fatalf("ergontest: case %q, transaction %d: %v", c.Name, i, err)
			}
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if payload, err := codec.Decode(b); err == nil {
			fuzzOne(t, failing(t), payload, build)
		}
	})
}

// codecOf returns the codec of payloads of which nothing is said.
func codecOf[T any]() Codec[T] {
	var none T
	switch any(none).(type) {
	case string:
		return Codec[T]{
			Encode: func(v T) ([]byte, error) { return fmt.Append(nil, v), nil },
			Decode: func(b []byte) (T, error) { v, _ := any(string(b)).(T); return v, nil },
		}
	case []byte:
		return Codec[T]{
			Encode: func(v T) ([]byte, error) { b, _ := any(v).([]byte); return b, nil },
			Decode: func(b []byte) (T, error) { v, _ := any(b).(T); return v, nil },
		}
	}
	return Codec[T]{
		Encode: func(v T) ([]byte, error) { return json.Marshal(v) },
		Decode: func(b []byte) (v T, err error) { return v, json.Unmarshal(b, &v) },
	}
}

// fuzzOne runs a pipeline with one payload.
func fuzzOne[T any](t *testing.T, report func([]string), payload T, build func(*World[T]) pipeline.Pipeline) {
	t.Helper()
	r := &caseRun[T]{Case: Case[T]{Name: "fuzzed", In: []T{payload}}, build: build, calm: true}
	r.do(t, report)
}
