package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/ergon-go/ergon"
	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

var (
	// ErrClosed says that the database was closed, or never opened.
	ErrClosed = errors.New("sqlite: database is closed")
	// ErrSchema says that the tables in the file were made by a newer version of
	// this package, which this one must not write to.
	ErrSchema = errors.New("sqlite: the file has a newer schema")
)

// fault is one thing wrong with how something was set up.
func fault(where, field, value, why string) error {
	return &ergon.ConfigError{Where: where, Field: field, Value: value, Why: why}
}

// shown is a value from outside as it may stand in a message.
func shown(value string) string { return strconv.Quote(shortened(value, 80)) }

// shortened returns s, or its beginning where it is longer than most bytes.
func shortened(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// steered marks what no further attempt can mend while the pipeline runs: without
// its database it has to stop.
func steered(err error) error {
	if errors.Is(err, ErrClosed) || errors.Is(err, ergon.ErrConfig) {
		return ergon.Fatal(err)
	}
	return err
}

// given reports whether there is a context at all.
func given(ctx context.Context) error {
	if ctx == nil {
		return fault("sqlite", "ctx", "", "context is nil")
	}
	return nil
}

// ended is the error of a call whose context has ended.
func ended(ctx context.Context, doing string) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return fmt.Errorf("sqlite: %s: %w", doing, cause)
	}
	return fmt.Errorf("sqlite: %s: %w: %w", doing, err, cause)
}

// family is the kind of an error of the database; 0 for any other error.
func family(err error) int {
	var e *driver.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff // the rest of the code says more than is asked here
}

// busy reports whether another process is in the way, for the moment.
func busy(err error) bool {
	return family(err) == lib.SQLITE_BUSY
}

// refused reports whether the database will never take these values.
func refused(err error) bool {
	switch family(err) {
	case lib.SQLITE_CONSTRAINT, lib.SQLITE_MISMATCH, lib.SQLITE_TOOBIG:
		return true
	}
	return false
}
