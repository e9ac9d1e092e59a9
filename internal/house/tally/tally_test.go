package tally

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// event lines are written as "action package test output".
func lines(events ...[4]string) string {
	var b strings.Builder
	for _, e := range events {
		b.WriteString(`{"Action":"` + e[0] + `","Package":"` + e[1] + `","Test":"` + e[2] + `","Output":"` + e[3] + `"}` + "\n")
	}
	return b.String()
}

func TestSummary(t *testing.T) {
	for _, tc := range []struct {
		name   string
		stream string
		want   string
		green  bool
	}{
		{
			name:   "all passed",
			stream: lines([4]string{"run", "p", "TestA", ""}, [4]string{"pass", "p", "TestA", ""}, [4]string{"pass", "p", "", ""}),
			want:   "1 passed, 0 failed, 0 skipped", green: true,
		},
		{
			name:   "nothing ran",
			stream: lines([4]string{"skip", "p", "", ""}),
			want:   "0 passed, 0 failed, 0 skipped",
		},
		{
			name:   "one skipped among passing",
			stream: lines([4]string{"skip", "p", "TestA", ""}, [4]string{"pass", "p", "TestB", ""}, [4]string{"pass", "p", "", ""}),
			want:   "skipped: p TestA\n1 passed, 0 failed, 1 skipped",
		},
		{
			name: "what is skipped for want of a program that is missing is named",
			stream: lines([4]string{"output", "p", "TestA", `    a_test.go:7: needs missing, which is not installed\n`}, [4]string{"skip", "p", "TestA", ""},
				[4]string{"pass", "p", "TestB", ""}, [4]string{"pass", "p", "", ""}),
			want: "NOT TESTED: p TestA, which needs missing\n1 passed, 0 failed, 0 skipped, 1 not tested for want of a program", green: true,
		},
		{
			name: "what is skipped for want of a program that is there is skipped",
			stream: lines([4]string{"output", "p", "TestA", `    a_test.go:7: needs present, which is not installed\n`}, [4]string{"skip", "p", "TestA", ""},
				[4]string{"pass", "p", "TestB", ""}, [4]string{"pass", "p", "", ""}),
			want: "skipped: p TestA\n1 passed, 0 failed, 1 skipped",
		},
		{
			name:   "a parent is not counted beside its cases",
			stream: lines([4]string{"run", "p", "TestA", ""}, [4]string{"pass", "p", "TestA/x", ""}, [4]string{"pass", "p", "TestA/y", ""}, [4]string{"pass", "p", "TestA", ""}),
			want:   "2 passed, 0 failed, 0 skipped", green: true,
		},
		{
			name:   "a failed case is counted once, not with its parents",
			stream: lines([4]string{"run", "p", "TestA", ""}, [4]string{"run", "p", "TestA/x", ""}, [4]string{"fail", "p", "TestA/x/1", ""}, [4]string{"fail", "p", "TestA/x", ""}, [4]string{"fail", "p", "TestA", ""}, [4]string{"fail", "p", "", ""}),
			want:   "failed:  p TestA/x/1\n0 passed, 1 failed, 0 skipped",
		},
		{
			name:   "a parent that failed after its cases passed",
			stream: lines([4]string{"run", "p", "TestA", ""}, [4]string{"pass", "p", "TestA/x", ""}, [4]string{"fail", "p", "TestA", ""}, [4]string{"fail", "p", "", ""}),
			want:   "failed:  p TestA\n1 passed, 1 failed, 0 skipped",
		},
		{
			name:   "a test that never ended",
			stream: lines([4]string{"pass", "p", "TestA", ""}, [4]string{"run", "p", "TestB", ""}),
			want:   "failed:  p TestB\n1 passed, 1 failed, 0 skipped",
		},
		{
			name:   "a package that does not build",
			stream: lines([4]string{"pass", "p", "TestA", ""}, [4]string{"fail", "q", "", ""}),
			want:   "failed:  q\n1 passed, 1 failed, 0 skipped",
		},
		{
			name:   "the same test name in two packages",
			stream: lines([4]string{"pass", "p", "TestA", ""}, [4]string{"pass", "q", "TestA", ""}),
			want:   "2 passed, 0 failed, 0 skipped", green: true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			tally := New(&strings.Builder{}, func(program string) bool { return program == "missing" })
			is.NoErr(tally.Read(strings.NewReader(tc.stream)))
			s := tally.Summary()
			is.Equal(s.String(), tc.want)
			is.Equal(s.Err() == nil, tc.green)
			is.Equal(errors.Is(s.Err(), ErrNotGreen), !tc.green)
		})
	}
}

func TestWhatIsShown(t *testing.T) {
	for _, tc := range []struct {
		name   string
		stream string
		want   string
	}{
		{
			name:   "a passing test says nothing",
			stream: lines([4]string{"output", "p", "TestA", `chatter\n`}, [4]string{"pass", "p", "TestA", ""}, [4]string{"output", "p", "", `PASS\n`}, [4]string{"output", "p", "", `ok p\n`}),
			want:   "ok p\n",
		},
		{
			name:   "a failing test is heard, without the frame around it",
			stream: lines([4]string{"output", "p", "TestA", `=== RUN TestA\n`}, [4]string{"output", "p", "TestA", `why\n`}, [4]string{"fail", "p", "TestA", ""}),
			want:   "why\n",
		},
		{
			name:   "a skipped test says why",
			stream: lines([4]string{"output", "p", "TestA", `no disk\n`}, [4]string{"skip", "p", "TestA", ""}),
			want:   "no disk\n",
		},
		{
			name:   "a crash is heard",
			stream: lines([4]string{"run", "p", "TestA", ""}, [4]string{"output", "p", "TestA", `panic\n`}, [4]string{"fail", "p", "", ""}),
			want:   "panic\n",
		},
		{
			name:   "what the compiler said",
			stream: lines([4]string{"build-output", "", "", `undefined\n`}),
			want:   "undefined\n",
		},
		{
			name:   "a line that is no event, without its end",
			stream: "pattern matched nothing",
			want:   "pattern matched nothing",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			var out strings.Builder
			is.NoErr(New(&out, nil).Read(strings.NewReader(tc.stream)))
			is.Equal(out.String(), tc.want)
		})
	}
}

func TestWhatTwoRunsAreTogether(t *testing.T) {
	is := is.New(t)
	one := Summary{Passed: 2, Failed: []string{"p A"}}
	both := one.With(Summary{Passed: 3, Failed: []string{"p A"}, Skipped: []string{"p B"}})
	is.Equal(both, Summary{Passed: 5, Failed: []string{"p A", "p A"}, Skipped: []string{"p B"}})
	is.True(errors.Is(both.Err(), ErrNotGreen))
}
