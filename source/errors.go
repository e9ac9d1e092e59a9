package source

import (
	"errors"

	"github.com/ergon-go/ergon"
)

var (
	// ErrNotRunning says that a Push came after Stop and before the next Start:
	// the transaction was not taken.
	ErrNotRunning = errors.New("source: push: the pipeline is not running")
	// ErrClosed says that a Push was not taken before Close. It stays the answer
	// whether the pipeline runs or not.
	ErrClosed = errors.New("source: push: closed")
	// ErrNoVerdict says that the run ended and never said what became of a
	// transaction it had taken: it may or may not have been stored.
	ErrNoVerdict = errors.New("source: push: the run ended without a verdict")
	// ErrTooLong says that a line or a record is longer than Longest allows.
	ErrTooLong = errors.New("source: longer than allowed")
)

// fault is one thing wrong with the arguments of a constructor.
func fault(where, field, value, why string) error {
	return &ergon.ConfigError{Where: where, Field: field, Value: value, Why: why}
}
