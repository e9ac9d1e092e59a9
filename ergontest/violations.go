package ergontest

import (
	"errors"
	"fmt"
)

// mostViolations bounds how many are kept: the first tell the most.
const mostViolations = 16

// violations are broken promises. Whoever has them has the lock.
type violations struct {
	first []error
	count int
}

// unlessf notes a violation unless ok.
func (v *violations) unlessf(ok bool, format string, args ...any) {
	if ok {
		return
	}
	v.count++
	if len(v.first) < mostViolations {
		v.first = append(v.first, fmt.Errorf("ergontest: "+format, args...))
	}
}

func (v *violations) err() error {
	if more := v.count - len(v.first); more > 0 {
		return errors.Join(append(v.first[:len(v.first):len(v.first)], fmt.Errorf("ergontest: and %d violations more", more))...)
	}
	return errors.Join(v.first...)
}
