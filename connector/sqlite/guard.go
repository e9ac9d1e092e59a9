package sqlite

import (
	"runtime/debug"

	"github.com/ergon-go/ergon"
)

// guarded calls what concerns one among many: a panic in it is the failure of that
// one.
func guarded[In, Out any](do func(In) (Out, error), in In) (out Out, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &ergon.PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	return do(in)
}
