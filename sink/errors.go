package sink

import (
	"errors"
	"reflect"

	"github.com/ergon-go/ergon"
)

// ErrChanClosed says that somebody closed the channel of a Chan, so that nothing
// can ever be sent on it again.
var ErrChanClosed = errors.New("sink: the channel is closed")

// fault returns what Validate has to say of one argument.
func fault(where, field, why string) error {
	return &ergon.ConfigError{Where: where, Field: field, Why: why}
}

// isNil reports whether a sink is nil or a nil pointer, which would fail only
// when it is called.
func isNil(sink any) bool {
	if sink == nil {
		return true
	}
	v := reflect.ValueOf(sink)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
