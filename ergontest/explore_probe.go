package ergontest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ergon-go/ergon"
)

// exploreBoundary is one call of something, for a transaction or what came of it:
// the nth of its kind.
type exploreBoundary struct {
	call  ergon.Kind // 0: of a fake
	place string
	what  string // the kind of the stage
	id    string // empty for a fetch; of a group, that of a member
	group bool
	nth   int
	first bool // the id is the first of those that the call was for
}

// exploreKind is what goes wrong at a boundary.
type exploreKind string

const (
	exploreError      exploreKind = "error"
	exploreRefusal    exploreKind = "refusal"
	explorePanic      exploreKind = "panic"
	exploreTimeout    exploreKind = "timeout"
	exploreCancel     exploreKind = "cancel"
	exploreCrash      exploreKind = "crash"
	exploreCrashAfter exploreKind = "crash after"
	exploreLost       exploreKind = "lost reply"
)

// kinds returns what can go wrong at a boundary. What happens to a whole call is
// tried once for it, and not for each of its transactions.
func (b exploreBoundary) kinds() []exploreKind {
	kinds := []exploreKind{exploreError, exploreRefusal}
	if b.call == ergon.KindDispatch || b.call == ergon.KindSettle || b.call == ergon.KindFetch || b.call == 0 {
		kinds = append(kinds, exploreLost)
	}
	switch {
	case b.what == "filter" || b.what == "key-by" || b.what == "route":
		kinds = nil // such a function returns no error
	case b.call == ergon.KindFetch || b.call == ergon.KindSettle: // there, a refusal ends the run
		kinds = slices.DeleteFunc(kinds, func(k exploreKind) bool { return k == exploreRefusal })
	}
	if b.first {
		kinds = append(kinds, explorePanic, exploreTimeout, exploreCancel, exploreCrash, exploreCrashAfter)
	}
	return kinds
}

// String says where a boundary is.
func (b exploreBoundary) String() string {
	if b.id == "" {
		return fmt.Sprintf("%s, call %d", b.place, b.nth)
	}
	return fmt.Sprintf("%s for %q, call %d", b.place, b.id, b.nth)
}

// exploreProbe is one fault at one boundary, in one run.
type exploreProbe struct {
	exploreBoundary
	kind exploreKind

	met     int
	reached bool
	ids     []string // of the call that it came about in
}

// name is what calls a fault in the environment.
func (p *exploreProbe) name() string {
	return strings.Join([]string{p.place, p.id, fmt.Sprint(p.nth), string(p.kind)}, "|")
}

// errExplored is the error with which calls fail.
var errExplored = errors.New("no connection, says Explore")

// forEver is longer than any context lasts, and exploredFetch how long a fetch takes
// that may take as long as it likes.
const (
	forEver       = 100 * 365 * 24 * time.Hour
	exploredFetch = time.Minute
)

// meet lets the fault happen if this is the call. The lock is held.
func (p *exploreProbe) meet(s *caseScript, q *caseCue, c crossing) {
	if p.reached || c.kind != p.call || c.place != p.place {
		return
	}
	index := p.index(s, c)
	if index < 0 {
		return
	}
	if p.met++; p.met != p.nth {
		return
	}
	p.reached, p.ids = true, slices.Clone(c.ids)
	f := p.fault()
	q.faults = append(q.faults, f)
	q.happen(f)
	q.leave = p.leaves()
	if len(f.errs) > 0 {
		q.fail(f.act, index, max(len(c.ids), 1), f.errs[0])
	}
}

// index returns for which item of a call the fault is, below 0 for none. The lock is
// held.
func (p *exploreProbe) index(s *caseScript, c crossing) int {
	switch {
	case c.kind == ergon.KindFetch:
		return 0
	case p.group:
		return slices.IndexFunc(c.ids, func(id string) bool { return s.isGroup(id) && s.concerns([]string{id}, s.roots[p.id]) })
	}
	return slices.Index(c.ids, p.id)
}

// leaves reports whether the run is told to stop when the call has come back: the
// source may not hand out again in the same run what it could not be told of.
func (p *exploreProbe) leaves() bool {
	return p.kind == exploreTimeout && p.call == ergon.KindSettle
}

// ends reports whether the run ends with the fault, whatever it was for.
func (p *exploreProbe) ends() bool {
	return p.leaves() || p.kind == exploreCancel || p.kind == exploreCrash || p.kind == exploreCrashAfter
}

// fault returns what happens.
func (p *exploreProbe) fault() Fault {
	at := At(p.place)
	switch p.kind {
	case exploreRefusal:
		return at.Always(ergon.Business(errExplored))
	case explorePanic:
		return at.Panics("says Explore")
	case exploreTimeout:
		if p.call == ergon.KindFetch {
			return at.Slow(exploredFetch)
		}
		return at.Slow(forEver)
	case exploreCancel:
		return at.Stop()
	case exploreCrash:
		return at.Crash()
	case exploreCrashAfter:
		return at.CrashAfter()
	case exploreLost:
		return at.StoredBut(errExplored)
	}
	return at.Errors(errExplored)
}
