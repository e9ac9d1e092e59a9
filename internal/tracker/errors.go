package tracker

import (
	"errors"
	"fmt"
)

// What Add says of an offset that it does not take.
var (
	// ErrFull says that the window is full: read again once there is Room.
	ErrFull = errors.New("tracker: the window is full")
	// ErrRevoked says that the assignment is over.
	ErrRevoked = errors.New("tracker: the assignment is revoked")
	// ErrOrder says that an offset is below the one to be read next.
	ErrOrder = errors.New("tracker: offset out of order")
)

// orderError returns an ErrOrder that says which offset and what was expected.
func orderError(offset, next int64) error {
	return fmt.Errorf("%w: %d, and the next is %d", ErrOrder, offset, next)
}
