package ergontest

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/ergon-go/ergon/ergontest/internal/diff"
)

// payloads are what one function was given.
type payloads struct {
	t    testing.TB
	name string // of the function

	mu      sync.Mutex
	kept    []payload // those that were as they had been when the function returned
	calls   int
	changed int  // in how many calls
	over    bool // the test has ended
}

// payload is one of them.
type payload struct {
	was  diff.Snapshot
	what string
	now  any
}

func newPayloads(t testing.TB, name string) *payloads {
	t.Helper()
	p := &payloads{t: t, name: name}
	t.Cleanup(p.end)
	return p
}

// handOut notes what the function is given, and returns what is to be called when
// it is done with it.
func (p *payloads) handOut(value any) (back func()) {
	one := payload{diff.Take(value), "payload", value}
	return func() { p.takeBack(one, one.was.Changes(one.what, one.now)) }
}

// takeBack tells of what the function has changed, the first time it does.
func (p *payloads) takeBack(one payload, changes string) {
	if p.enter(one, changes != "") {
		p.t.Errorf("ergontest: %s changed the payload it was given:\n%s", p.name, inset(changes))
	}
}

// enter enters a call, and reports whether it is the first that changed something.
func (p *payloads) enter(one payload, changed bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return false // a call that outlived its test
	}
	p.calls++
	if !changed {
		p.kept = append(p.kept, one)
		return false
	}
	p.changed++
	return p.changed == 1
}

// close lets no more calls be entered, and returns those that are to be looked at
// once more, and how many changed something of how many.
func (p *payloads) close() (kept []payload, changed, calls int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	return p.kept, p.changed, p.calls
}

// end looks once more.
func (p *payloads) end() {
	kept, changed, calls := p.close()
	if changed > 1 {
		p.t.Errorf("ergontest: %s changed the payload in %d of %d calls", p.name, changed, calls)
	}
	late := 0
	for _, one := range kept {
		changes := one.was.Changes(one.what, one.now)
		if changes == "" {
			continue
		}
		if late++; late == 1 {
			p.t.Errorf("ergontest: a payload that %s was given changed after it had returned, by what it left running or by whoever got it next:\n%s", p.name, inset(changes))
		}
	}
	if late > 1 {
		p.t.Errorf("ergontest: the payloads of %d calls of %s changed after it had returned", late, p.name)
	}
}

// newFixtures has some values looked at when the test ends.
func newFixtures[T any](t testing.TB, values []T) {
	all := make([]payload, len(values))
	for i, value := range values {
		what := "value"
		if len(values) > 1 {
			what = fmt.Sprintf("value %d", i)
		}
		all[i] = payload{diff.Take(value), what, value}
	}
	t.Cleanup(func() {
		for _, one := range all {
			if changes := one.was.Changes(one.what, one.now); changes != "" {
				t.Errorf("ergontest: what must stay as it is was changed:\n%s", inset(changes))
			}
		}
	})
}

// nameOf returns the name of a function, without the path of its package.
func nameOf(fn any) string {
	f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer())
	if f == nil {
		return "the function"
	}
	name := f.Name()
	return strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], "-fm")
}
