// Package bug is the switch of planted bugs. It exists in the overlay of their
// tests only.
package bug

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

var name = os.Getenv("ERGON_BUG")

// On reports whether a bug is switched on.
func On(bug string) bool { return name == bug }

// One returns 1 where a bug is switched on, and else 0.
func One(bug string) int {
	if On(bug) {
		return 1
	}
	return 0
}

// Cancelled reports whether an error is that of a context that was cancelled.
func Cancelled(err error) bool { return errors.Is(err, context.Canceled) }

// Impatient returns what call returns, or the error of ctx where that ends first;
// the call goes on beside it.
func Impatient(ctx context.Context, call func() error) error {
	done := make(chan error, 1)
	go func() {
		err := errors.New("the goroutine has ended")
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("a panic: %v", p)
			}
			done <- err
		}()
		err = call()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Without returns a text without a part of it where a bug is switched on.
func Without(bug, text, part string) string {
	if !On(bug) {
		return text
	}
	if !strings.Contains(text, part) {
		panic(bug + ": there is no " + part)
	}
	return strings.Replace(text, part, "", 1)
}
