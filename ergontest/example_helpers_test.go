package ergontest_test

import (
	"fmt"
	"os"
	"sync"
	"testing"
)

// test runs f as go test would, so that an example can show what belongs into a
// test. What the testing package itself prints is left out, whatever its flags.
func test(f func(t *testing.T)) {
	out := os.Stdout
	defer func() { os.Stdout = out }()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = null.Close() }()
	os.Stdout = null
	var once sync.Once // however often tests are to run
	passed := testing.RunTests(func(_, _ string) (bool, error) { return true, nil }, []testing.InternalTest{{
		Name: "Example",
		F: func(t *testing.T) {
			once.Do(func() {
				os.Stdout = out
				f(t)
			})
		},
	}})
	if !passed {
		_, _ = fmt.Fprintln(out, "the test failed")
	}
}
