package ergon

import (
	"errors"
	"fmt"
)

// ErrConfig is matched by every ConfigError.
var ErrConfig = errors.New("ergon: invalid configuration")

// ConfigError is one fault that can be known before anything runs.
type ConfigError struct {
	Where string // what is at fault, "stage 3 Map(\"price\")" or "retry.Policy"
	Field string // which setting of it; empty where it is the thing itself
	Value string // what was given; empty where that would say nothing
	Why   string // what is wrong with it
}

// Error names what and where.
func (e *ConfigError) Error() string {
	text := e.Where
	if e.Field != "" {
		text += ": " + e.Field
	}
	if e.Value != "" {
		text += " = " + e.Value
	}
	return text + ": " + e.Why
}

// Is matches ErrConfig.
func (e *ConfigError) Is(target error) bool { return target == ErrConfig }

// ErrGoexit says that a function ended its goroutine with runtime.Goexit instead
// of returning; t.FailNow in a test does that.
var ErrGoexit = errors.New("ergon: the function called runtime.Goexit")

// PanicError is a panic of a function, caught.
type PanicError struct {
	Value any
	Stack []byte // of the goroutine, where it panicked
}

// Error shows the panic's value, cut at LongestText, and where it panicked, as
// far as the Stack tells:
//
//	panic: runtime error: integer divide by zero (main.go:57, main.price)
//
// The value then gives way, so that the whole text stays within LongestText.
func (e *PanicError) Error() string {
	const before, more = "panic: ", "…"
	value, place := fmt.Sprint(e.Value), placeOf(e.Stack)
	if place == "" {
		return before + cut(value, LongestText)
	}
	place = " (" + cut(place, LongestText/4) + ")"
	if len(before)+len(value)+len(place) > LongestText {
		value = cut(value, LongestText-len(before)-len(more)-len(place))
	}
	return before + value + place
}

// Unwrap returns the panic's value where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
