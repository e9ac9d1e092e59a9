package ergontest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// afterlife is how long code that ignores its context may go on after the end of
// a run that has named it.
const afterlife = time.Hour

// bubble is what happens in virtual time.
type bubble struct {
	faults  []string
	excused map[string]bool // goroutines that may remain, by name
}

// inBubble calls f in virtual time, and returns what was wrong: what f has found,
// goroutines that are left, and a deadlock, which would otherwise end the test
// binary. Code that f has registered with Cleanup runs before goroutines are
// counted. Faults are told to report, also when the test of f ends itself.
func inBubble(t *testing.T, report func(faults []string), f func(t *testing.T, b *bubble)) {
	t.Helper()
	b := &bubble{excused: map[string]bool{}}
	defer func() {
		t.Helper()
		p := recover()
		if p != nil && !b.explains() {
			b.faultf("%v", p)
		}
		report(b.faults)
	}()
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(b.count)
		f(t, b)
	})
}

func (b *bubble) faultf(format string, args ...any) {
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// explains reports whether a deadlock is told of already.
func (b *bubble) explains() bool { return len(b.faults) > 0 || len(b.excused) > 0 }

// excuse lets a goroutine remain, if it has to.
func (b *bubble) excuse(name string) { b.excused[name] = true }

// count finds goroutines that are left.
func (b *bubble) count() {
	synctest.Wait()
	left := neighbours()
	for _, g := range left {
		if !b.excused[g.name] {
			b.faultf("a goroutine is left:\n%s", indented(g.stack))
		}
	}
	if len(b.excused) > 0 {
		time.Sleep(afterlife)
	}
}

// failing returns what fails a test with faults.
func failing(t *testing.T) func(faults []string) {
	return func(faults []string) {
		t.Helper()
		for _, fault := range faults {
			t.Errorf("ergontest: %s", fault)
		}
	}
}
