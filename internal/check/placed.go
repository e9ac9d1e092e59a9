package check

import (
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
)

// Placed returns the faults that are joined in err, each of which names where.
func Placed(where string, err error) []error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var faults []error
		for _, fault := range several.Unwrap() {
			faults = append(faults, Placed(where, fault)...)
		}
		return faults
	}
	if fault, ok := errors.AsType[*ergon.ConfigError](err); ok {
		there := *fault
		there.Where = where + ": " + fault.Where
		return []error{&there}
	}
	if err == nil {
		return nil
	}
	return []error{fmt.Errorf("%s: %w", where, err)}
}
