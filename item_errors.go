package ergon

import "errors"

// ItemErrors is the error of a call that concerned several transactions, one
// entry for each, in their order; nil = done. Return it as it is: only an error
// that is itself an ItemErrors of exactly the right length counts, and anything
// else, a wrapped one too, means that all have failed. Thus a mistake in the
// report leads to a duplicate, never to a loss.
type ItemErrors []error

// Error says how many failed and why the first of them did.
func (e ItemErrors) Error() string {
	failed, first := 0, error(nil)
	for _, err := range e {
		if err != nil {
			failed++
			if first == nil {
				first = err
			}
		}
	}
	if first == nil {
		return "ergon: none of " + itoa(len(e)) + " failed"
	}
	return "ergon: " + itoa(failed) + " of " + itoa(len(e)) + " failed, the first: " + first.Error()
}

// Is reports whether any entry is target.
func (e ItemErrors) Is(target error) bool {
	for _, err := range e {
		if err != nil && errors.Is(err, target) {
			return true
		}
	}
	return false
}

// ErrReport says that a call reported on another number of transactions than it
// was given, so that all of them count as failed.
var ErrReport = errors.New("ergon: wrong number of item errors")

// ItemErrorsOf returns what an error of a call on n transactions says of each of
// them. It is nil where all are done.
func ItemErrorsOf(err error, n int) ItemErrors {
	if err == nil {
		return nil
	}
	items, ok := err.(ItemErrors) //nolint:errorlint // only what is returned as it is counts
	if ok && len(items) == n {
		return items.orNil()
	}
	if ok {
		err = errors.Join(ErrReport, err)
	}
	all := make(ItemErrors, max(n, 0))
	for i := range all {
		all[i] = err
	}
	return all
}

func (e ItemErrors) orNil() ItemErrors {
	for _, err := range e {
		if err != nil {
			return e
		}
	}
	return nil
}
