package engine

import (
	"fmt"
	"runtime/debug"

	"github.com/ergon-go/ergon"
)

// sound returns an error that can be looked at. One whose own methods panic, such
// as a nil pointer that was returned as an error, is replaced by that panic:
// whoever reads errors later, the engine first of all, must not fall over it.
func sound(err error) error {
	if err == nil || err == errFiltered { //nolint:errorlint // our own, and often
		return err
	}
	items, some := err.(ergon.ItemErrors) //nolint:errorlint // as it must be returned
	if !some {
		return soundOne(err)
	}
	all := make(ergon.ItemErrors, len(items))
	for i, item := range items {
		all[i] = sound(item)
	}
	return all
}

func soundOne(err error) (same error) {
	defer func() {
		if v := recover(); v != nil {
			same = &ergon.PanicError{Value: fmt.Errorf("the error that was returned (%T) cannot be used: %v", err, v), Stack: debug.Stack()}
		}
	}()
	_ = err.Error()
	ergon.SteeringOf(err)
	ergon.CategoryOf(err)
	return err
}
