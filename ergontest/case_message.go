package ergontest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ergon-go/ergon"
)

// Bounds of what a message shows.
const (
	mostHistories = 5
	mostSteps     = 40 // of one transaction; half of them the first, half the last
	longestShown  = 400
)

// message tells of everything that was wrong with a case, and of what happened to
// the transactions concerned.
func (r *caseRun[T]) message(faults []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "case %q", r.Name)
	for _, fault := range faults {
		b.WriteString("\n\t" + strings.ReplaceAll(fault, "\n", "\n\t"))
	}
	if r.caseScript == nil || len(r.steps) == 0 {
		return b.String()
	}
	txs := r.transactions()
	about := r.concerned()
	for _, i := range about[:min(len(about), mostHistories)] {
		fmt.Fprintf(&b, "\n\ttransaction %d, %q: %s\n\t\t%s", i, txs[i].ID(), brief(txs[i].Payload()), strings.Join(r.history(i), "\n\t\t"))
	}
	if more := len(about) - mostHistories; more > 0 {
		fmt.Fprintf(&b, "\n\tand %d transactions more", more)
	}
	return b.String()
}

// concerned returns the transactions that a message is about, each once: those
// of which something is known to be wrong, or else all.
func (r *caseRun[T]) concerned() []int {
	about := slices.Clone(r.about)
	if len(about) == 0 {
		for i := range r.ids {
			about = append(about, i)
		}
	}
	slices.Sort(about)
	return slices.Compact(about)
}

// brief shows a payload, not all of it where it is long.
func brief(v any) string {
	text := shown(v)
	if len(text) > longestShown {
		return strings.ToValidUTF8(text[:longestShown], "") + "…"
	}
	return text
}

// history returns what happened to a transaction of the case, and to all.
func (o *caseEnd) history(index int) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []string
	for _, s := range o.steps {
		if s.text != "" && len(s.ids) == 0 || o.concerns(s.ids, index) {
			all = append(all, s.line(o.ids[index]))
		}
	}
	if more := len(all) - mostSteps; more > 0 {
		all = slices.Replace(all, mostSteps/2, mostSteps/2+more, fmt.Sprintf("… and %d things more …", more))
	}
	return all
}

// line shows a step of a transaction.
func (s *caseStep) line(id string) string {
	at := fmt.Sprintf("%-8v ", s.at)
	if s.text != "" {
		return at + s.text
	}
	text := at + s.what()
	if len(s.ids) == 1 && s.ids[0] != id {
		text += fmt.Sprintf(" of %q", s.ids[0])
	}
	if len(s.ids) > 1 {
		text += fmt.Sprintf(" of %d", len(s.ids))
	}
	if s.took > 0 {
		text += fmt.Sprintf(", %v", s.took)
	}
	text += ": " + s.ending()
	if len(s.faults) > 0 {
		text += fmt.Sprintf("  <- %v", s.faults)
	}
	return text
}

// what names the call that a step is.
func (s *caseStep) what() string {
	name := s.place
	switch {
	case s.kind == 0 && s.stage == funcPlace:
		return name + " (fake)"
	case s.kind == 0:
		return fmt.Sprintf("%s (fake in %s)", name, s.stage)
	case s.kind == ergon.KindDispatch && s.stage != "" && s.stage != name:
		name += " (" + s.stage + ")"
	}
	if s.attempt > 1 {
		return fmt.Sprintf("%s, attempt %d", name, s.attempt)
	}
	return name
}

// ending tells how the call ended.
func (s *caseStep) ending() string {
	switch {
	case s.open:
		return "it has not come back"
	case s.ended:
		return "the process died"
	case s.err == ergon.ErrGoexit: //nolint:errorlint // the mark of a call that did not return
		return "it did not return: it panicked, or ended its goroutine"
	case s.err != nil:
		return s.err.Error()
	}
	return "ok"
}
