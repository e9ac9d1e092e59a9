package ergontest

import (
	"errors"
	"slices"

	"github.com/ergon-go/ergon"
)

// StoredBut returns the error of a hook that asks for everything to be stored
// and err to be returned all the same: a reply that was lost.
func StoredBut(err error) error {
	if err == nil {
		return nil
	}
	return &storedBut{err}
}

type storedBut struct{ err error } //nolint:errname // it is an answer of a hook, not an error of the kit

func (e *storedBut) Error() string { return e.err.Error() }
func (e *storedBut) Unwrap() error { return e.err }

// outcome returns which of n items the error of a hook asks to be stored, and
// the error to return. StoredBut may also be the error of a single item.
func outcome(err error, n int) (stored func(i int) bool, reply error) {
	items, ok := err.(ergon.ItemErrors) //nolint:errorlint // only what is returned as it is counts
	if but := (*storedBut)(nil); !ok && errors.As(err, &but) {
		return func(int) bool { return true }, but.err
	}
	errs := ergon.ItemErrorsOf(err, n)
	if !ok || len(items) != n {
		return func(int) bool { return errs == nil }, err
	}
	return outcomes(items)
}

// outcomes is outcome for errors of single items.
func outcomes(items ergon.ItemErrors) (stored func(i int) bool, reply error) {
	kept, told := make([]bool, len(items)), slices.Clone(items)
	for i, err := range items {
		but := (*storedBut)(nil)
		if errors.As(err, &but) {
			told[i] = but.err
		}
		kept[i] = err == nil || but != nil
	}
	return func(i int) bool { return kept[i] }, told
}

// nth returns the error of the nth call, from 1, or nil where none is planned.
func nth(errs []error, call int) error {
	if call > len(errs) {
		return nil
	}
	return errs[call-1]
}
