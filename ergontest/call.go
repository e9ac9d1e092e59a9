package ergontest

import (
	"runtime/debug"

	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon"
)

// async calls f in a goroutine of its own, which ends with it, and returns a
// channel that gets its error: a panic and runtime.Goexit are errors too.
func async(f func() error) <-chan error {
	done := make(chan error, 1)
	var scope conc.WaitGroup
	scope.Go(func() {
		err := ergon.ErrGoexit
		defer func() {
			if p := recover(); p != nil {
				err = &ergon.PanicError{Value: p, Stack: debug.Stack()}
			}
			done <- err
		}()
		err = f()
	})
	return done
}
