package stage

import (
	"context"
	jsonv1 "encoding/json"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
)

// JSON decodes one JSON value into a T:
//
//	Map(stage.JSON[Order])
//
// Names, types and tags mean what they mean to encoding/json: a struct field is
// found without regard to case, an unknown one is passed over, a time.Duration
// is a number of nanoseconds, null changes nothing. The text itself is read
// strictly, since what has two readings must not be guessed at: a name that
// comes twice in one object, invalid UTF-8 and anything after the value are
// errors, and so is an empty input.
//
// Every error is ergon.Business. It names the byte offset where that is known
// and the types that did not fit, never what the input says: neither it nor
// anything it wraps holds a piece of the payload, not even a text by an
// UnmarshalJSON of yours.
//
// sqlite.JSON, of connector/sqlite, is another thing: the codec of a queue, which
// writes as well and matches names exactly, case included. What others wrote is
// for JSON, what a queue of yours holds for the codec.
//
// Nesting is bounded at 10,000 levels; size is not, for b is in memory already:
// bound it where it is read. JSON keeps no reference to b and may be called
// concurrently.
func JSON[T any](_ context.Context, b []byte) (T, error) {
	var value, none T
	if len(b) == 0 {
		return none, ergon.Business(errors.New("stage: JSON: the input is empty"))
	}
	if err := json.Unmarshal(b, &value, jsonOptions); err != nil {
		return none, ergon.Business(jsonFault(err))
	}
	return value, nil
}

// jsonOptions are those of encoding/json, but for the text and for errors, which
// say more and stop at the first fault in the newer form.
var jsonOptions = json.JoinOptions(
	jsonv1.DefaultOptionsV1(),
	jsonv1.ReportErrorsWithLegacySemantics(false),
	jsontext.AllowDuplicateNames(false),
	jsontext.AllowInvalidUTF8(false),
)

// jsonFault returns what may be told of an error of package json. It wraps
// nothing: messages and fields of the original quote the input.
func jsonFault(err error) error {
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		why := "invalid JSON"
		if errors.Is(err, jsontext.ErrDuplicateName) {
			why = "a name comes twice in one object"
		}
		return fmt.Errorf("stage: JSON: %s at byte %d", why, syntactic.ByteOffset)
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok && semantic.GoType != nil {
		return fmt.Errorf("stage: JSON: %s at byte %d does not fit %v", jsonKind(semantic.JSONKind), semantic.ByteOffset, semantic.GoType)
	}
	return errors.New("stage: JSON: the input cannot be decoded")
}

func jsonKind(kind jsontext.Kind) string {
	switch kind {
	case jsontext.KindInvalid:
		return "a value"
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "an array"
	}
	return "a " + kind.String() // string, number, true, false, null
}
