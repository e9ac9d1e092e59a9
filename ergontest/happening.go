package ergontest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

// Happening is something that may have happened in a run and has ended. What is
// zero is not looked at, with two exceptions: where nothing is said of an error
// there was none, unless an error is the reason of what happened (a wait, a
// violation, a drain); and what happened to a transaction ended with this Verdict,
// also where that is Acked.
type Happening struct {
	Kind    ergon.Kind
	Stage   string
	ID      string // of a transaction; of a call for several, one of them
	Attempt int
	N       int
	Wait    time.Duration
	Verdict ergon.Verdict // where it is of KindTransaction or KindHandler
	Fails   bool          // with any error
	Err     error         // found by errors.Is
}

// Happened fails the test unless all of this has happened, in this order: each
// ended after the one before it. Other things may have happened before, between
// and after.
func (e *Events) Happened(t testing.TB, wants ...Happening) {
	t.Helper()
	all := e.ended()
	next := 0
	for i, want := range wants {
		at := slices.IndexFunc(all[next:], want.was)
		if at < 0 {
			t.Errorf("ergontest: this has not happened%s:\n\t%v\nwhat has:\n%s", want.after(wants[:i]), want, all.text())
			return
		}
		next += at + 1
	}
}

// Never fails the test if any of this has happened.
func (e *Events) Never(t testing.TB, unwanted ...Happening) {
	t.Helper()
	all := e.ended()
	for _, h := range unwanted {
		if at := slices.IndexFunc(all, h.was); at >= 0 {
			t.Errorf("ergontest: this has happened:\n\t%v\nas:\n%s", h, all[at:at+1].text())
		}
	}
}

// ended returns what has ended, in that order.
func (e *Events) ended() EventList {
	all := e.All().where(EventRecord.Ended)
	slices.SortFunc(all, func(a, b EventRecord) int { return a.last - b.last })
	return all
}

// was reports whether a record is what was meant.
func (h Happening) was(r EventRecord) bool {
	return (h.Kind == 0 || h.Kind == r.Kind) &&
		(h.Stage == "" || h.Stage == r.Stage) &&
		(h.ID == "" || slices.Contains(r.IDs, h.ID)) &&
		(h.Attempt == 0 || h.Attempt == r.Attempt) &&
		(h.N == 0 || h.N == r.N) &&
		(h.Wait == 0 || h.Wait == r.Wait) &&
		h.endedAs(r)
}

// endedAs compares error and verdict.
func (h Happening) endedAs(r EventRecord) bool {
	if (r.Kind == ergon.KindTransaction || h.Verdict != 0) && h.Verdict != r.Verdict {
		return false
	}
	if h.Err != nil {
		return errors.Is(r.Err, h.Err)
	}
	if h.Fails || h.silent(r.Kind) {
		return !h.Fails || r.Err != nil
	}
	return r.Err == nil
}

// silent reports whether nothing is said of an error by saying nothing of it.
func (h Happening) silent(kind ergon.Kind) bool {
	switch kind {
	case ergon.KindWait, ergon.KindViolation, ergon.KindDrain:
		return true
	case ergon.KindTransaction:
		return h.Verdict != ergon.Acked
	}
	return false
}

// after says what was found before what is missing.
func (h Happening) after(found []Happening) string {
	if len(found) == 0 {
		return ""
	}
	return fmt.Sprintf(" after (%v)", found[len(found)-1])
}

// String is what was meant, on one line.
func (h Happening) String() string {
	parts := []string{"anything"}
	if h.Kind != 0 {
		parts[0] = h.Kind.String()
	}
	add := func(said bool, format string, value any) {
		if said {
			parts = append(parts, fmt.Sprintf(format, value))
		}
	}
	add(h.Stage != "", "at %q", h.Stage)
	add(h.ID != "", "about %q", h.ID)
	add(h.Attempt != 0, "attempt %d", h.Attempt)
	add(h.N != 0, "for %d", h.N)
	add(h.Wait != 0, "for %v", h.Wait)
	add(h.Verdict != 0 || h.Kind == ergon.KindTransaction, "ends %v", h.Verdict)
	add(h.Err != nil, "with the error %q", h.Err)
	add(h.Fails && h.Err == nil, "with %s", "an error")
	return strings.Join(parts, ", ")
}

// mostHappened bounds how many lines of what happened a message shows.
const mostHappened = 40

// text is a list in a message, a line for each, without the fetches that got
// nothing.
func (l EventList) text() string {
	l = l.where(func(r EventRecord) bool { return r.Kind != ergon.KindFetch || r.N > 0 || r.Err != nil })
	if len(l) == 0 {
		return "\tnothing"
	}
	var lines []string
	for _, r := range l[:min(len(l), mostHappened)] {
		lines = append(lines, "\t"+aboutText(r.IDs)+r.summary())
	}
	if more := len(l) - mostHappened; more > 0 {
		lines = append(lines, fmt.Sprintf("\tand %d more", more))
	}
	return strings.Join(lines, "\n")
}

func aboutText(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return some(ids) + " "
}

// summary says what a record tells, that of a transaction too.
func (r EventRecord) summary() string {
	if r.Kind == ergon.KindTransaction {
		return r.Verdict.String() + because(r.Err)
	}
	r.IDs = nil
	return r.told("")
}
