package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"

	"github.com/ergon-go/ergon"
)

var (
	// ErrChanClosed says that somebody closed the channel of a Chan, so that
	// nothing can ever be sent on it again.
	ErrChanClosed = errors.New("sink: the channel is closed")
	// ErrHeading says that a file begins with other names of fields than those
	// its records are to have.
	ErrHeading = errors.New("begins with other fields")
	// ErrIncomplete says that a file of Whole did not appear, because something
	// that belongs into it could not be stored.
	ErrIncomplete = errors.New("is not complete")

	errIrregular       = errors.New("is not a regular file")
	errForeignFields   = errors.New("sink: its fields are not those of the file")
	errHeadedMeanwhile = errors.New("another batch began the file with other fields")
)

// fault returns what Validate has to say of one argument.
func fault(where, field, why string) error {
	return &ergon.ConfigError{Where: where, Field: field, Why: why}
}

// located returns an error that names a path as it was given to a constructor,
// which a hidden file or an os.Root knows under another name.
func located(op, path string, err error) error {
	switch inner := err.(type) { //nolint:errorlint // only an outermost one says nothing more
	case *fs.PathError:
		err = inner.Err
	case *os.LinkError:
		err = inner.Err
	}
	return fmt.Errorf("sink: %w", &fs.PathError{Op: op, Path: path, Err: err})
}

// also returns err, together with what went wrong while it was dealt with.
func also(err, more error) error {
	switch {
	case more == nil:
		return err
	case err == nil:
		return more
	}
	return errors.Join(err, more)
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

// unwritable is why a payload could not be encoded. The error behind it may
// quote the payload, so only errors.As gets at it.
type unwritable struct {
	why string
	err error
}

func (u *unwritable) Error() string { return "sink: " + u.why }
func (u *unwritable) Unwrap() error { return u.err }
