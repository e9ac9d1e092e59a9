package ergontest

import (
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// judged runs f as a test of its own and returns whether it passed, and what go
// test printed of it.
func judged(is *is.I, f func(t *testing.T)) (passed bool, printed string) {
	is.Helper()
	read, write, err := os.Pipe()
	is.NoErr(err)
	var all sync.WaitGroup
	all.Go(func() {
		text, _ := io.ReadAll(read)
		printed = string(text)
	})
	out := os.Stdout
	os.Stdout = write
	passed = testing.RunTests(func(_, _ string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "Inner", F: f}})
	os.Stdout = out
	is.NoErr(write.Close())
	all.Wait()
	return passed, printed
}

func TestATestFails(t *testing.T) {
	tests := []struct {
		name string
		test func(t *testing.T)
		want []string // none: it passes
	}{
		{"not where all is well", func(t *testing.T) {
			Run(t, func(*testing.T) pipeline.Pipeline { return pipeline.From(NewSource(1)).To(&Sink[int]{}) })
		}, nil},
		{"where a run returns an error", func(t *testing.T) {
			Run(t, func(*testing.T) pipeline.Pipeline {
				return pipeline.From(NewSource(1)).To(sinkOf(ergon.Fatal(errTest)))
			})
		}, []string{"fail_test.go:", "ergontest: the run returned an error: no connection"}},
		{"where build says so", func(t *testing.T) {
			Run(t, func(t *testing.T) pipeline.Pipeline {
				t.Fatal("no customers")
				return pipeline.Pipeline{}
			})
		}, []string{"no customers"}},
		{"where a stage says so, whatever else was wrong", func(t *testing.T) {
			Run(t, func(t *testing.T) pipeline.Pipeline {
				bad := func(_ context.Context, n int) (int, error) {
					t.Error("not this one")
					return n, ergon.Fatal(errTest)
				}
				return pipeline.From(NewSource(1)).Map(bad).To(&Sink[int]{})
			})
		}, []string{"not this one", "the run returned an error"}},
		{"twice in one function, after a deadlock", func(t *testing.T) {
			for range 2 {
				Run(t, func(*testing.T) pipeline.Pipeline { select {} })
			}
			Run(t, func(*testing.T) pipeline.Pipeline { return pipeline.From(NewSource(1)).To(&Sink[int]{}) })
			t.Log("and goes on")
		}, []string{"all goroutines in bubble are blocked", "and goes on"}},
		{"where a call leaves a goroutine", func(t *testing.T) {
			Feed(t, func(context.Context, string) (int, error) { go func() { select {} }(); return 0, nil }, texts("7")...)
		}, []string{"ergontest: a goroutine is left"}},
		{"where a call is not as wanted", func(t *testing.T) {
			Func(t, number, Call[string, int]{Name: "a number", In: "7", Want: 8})
		}, []string{"--- FAIL: Inner/a_number", "fail_test.go:", "ergontest: call \"a number\", transaction \"test:0\": \"7\"", "want: 8", "got:  7"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			passed, printed := judged(is, tt.test)
			is.Equal(passed, len(tt.want) == 0)
			for _, text := range tt.want {
				if !strings.Contains(printed, text) {
					t.Errorf("%q is missing in:\n%s", text, printed)
				}
			}
		})
	}
}
