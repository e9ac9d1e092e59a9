package tally

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNotGreen is matched by what Err returns of a run that must not pass.
var ErrNotGreen = errors.New("tally: not every test passed")

// Summary is what became of a run's tests. A test with subtests is their parent
// and not counted itself, unless it failed or was skipped on its own account.
type Summary struct {
	Passed  int
	Failed  []string // "package Test/case"; a package alone where no test is to blame
	Skipped []string // "package Test/case"
	Missing []string // the same of those that were skipped for want of a program, and which that is
}

// Summary returns the counts of what was read so far. A test that began and
// never ended has failed.
func (t *Tally) Summary() Summary {
	s := Summary{Failed: append([]string(nil), t.broken...)}
	parents := t.parents()
	for _, k := range t.order {
		name := k.pkg + " " + k.name
		switch t.tests[k].state {
		case passed:
			if _, parent := parents[k]; !parent {
				s.Passed++
			}
		case skipped:
			if program := t.tests[k].needs; program != "" {
				s.Missing = append(s.Missing, name+", which needs "+program)
				continue
			}
			s.Skipped = append(s.Skipped, name)
		case failed, running:
			if !parents[k] {
				s.Failed = append(s.Failed, name)
			}
		}
	}
	return s
}

// parents returns the tests that have subtests, and whether one of those failed.
func (t *Tally) parents() map[key]bool {
	parents := map[key]bool{}
	for _, k := range t.order {
		bad := t.tests[k].state == failed || t.tests[k].state == running
		for i := strings.LastIndexByte(k.name, '/'); i > 0; i = strings.LastIndexByte(k.name[:i], '/') {
			parent := key{k.pkg, k.name[:i]}
			if t.tests[parent] != nil {
				parents[parent] = parents[parent] || bad
			}
		}
	}
	return parents
}

// With returns the summary of two runs.
func (s Summary) With(other Summary) Summary {
	return Summary{
		Passed:  s.Passed + other.Passed,
		Failed:  slices.Concat(s.Failed, other.Failed),
		Skipped: slices.Concat(s.Skipped, other.Skipped),
		Missing: slices.Concat(s.Missing, other.Missing),
	}
}

// Err returns nil where tests ran and all of them passed, else an error that
// matches ErrNotGreen.
func (s Summary) Err() error {
	if s.Passed == 0 || len(s.Failed) > 0 || len(s.Skipped) > 0 {
		return fmt.Errorf("%w: %s", ErrNotGreen, s.counts())
	}
	return nil
}

// String names what failed and what was skipped, and ends with the counts on a
// line of their own.
func (s Summary) String() string {
	var b strings.Builder
	for _, name := range s.Failed {
		fmt.Fprintf(&b, "failed:  %s\n", name)
	}
	for _, name := range s.Skipped {
		fmt.Fprintf(&b, "skipped: %s\n", name)
	}
	for _, name := range s.Missing {
		fmt.Fprintf(&b, "NOT TESTED: %s\n", name)
	}
	b.WriteString(s.counts())
	return b.String()
}

func (s Summary) counts() string {
	counts := fmt.Sprintf("%d passed, %d failed, %d skipped", s.Passed, len(s.Failed), len(s.Skipped))
	if len(s.Missing) > 0 {
		counts += fmt.Sprintf(", %d not tested for want of a program", len(s.Missing))
	}
	return counts
}
