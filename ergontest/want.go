package ergontest

import (
	"fmt"
	"slices"

	"github.com/ergon-go/ergon"
)

// Want is something that a Case wants to be so at its end. The functions of this
// package that return one are all there are.
type Want interface {
	// names returns the stages, sinks and fakes that it is about.
	names() []string
	// check notes in an outcome what is not as wanted.
	check(o *caseEnd)
}

// caseEnd is what has come of a case.
type caseEnd struct {
	*caseScript
	stores []store
	ids    []string // of the transactions of the case
	faults []string
	about  []int // the transactions of which something is not as wanted
}

// notef notes something that is not as wanted, of some transactions of the case.
func (o *caseEnd) notef(about []int, format string, args ...any) {
	o.faults = append(o.faults, fmt.Sprintf(format, args...))
	o.about = append(o.about, about...)
}

// differ notes what was wanted and what came.
func (o *caseEnd) differ(about []int, what, want, got string) {
	o.notef(about, "%s\n\twant: %s\n\tgot:  %s", what, want, got)
}

// is reports whether a stage, as an event or a failure has it, is what a test
// calls by a name: the stage itself, or the sink that it hands to.
func (o *caseEnd) is(stage, name string) bool {
	return stage == name || slices.ContainsFunc(o.steps, func(s *caseStep) bool {
		return s.kind == ergon.KindDispatch && s.place == name && s.stage == stage
	})
}

// calls returns the calls of a place, those that were still on their way when
// their process died included.
func (o *caseEnd) calls(name string) []*caseStep {
	var all []*caseStep
	for _, s := range o.steps {
		c := crossing{kind: s.kind, place: s.place, stage: s.stage, world: s.kind == 0 || s.kind == ergon.KindDispatch}
		if s.text == "" && o.hits(At(name).Stop(), c) {
			all = append(all, s)
		}
	}
	return all
}

// sink returns the sink of a name, or nil.
func (o *caseEnd) sink(name string) store { return named(o.stores, name) }

// of returns the transactions of the case that some ids came of.
func (o *caseEnd) of(ids []string) []int {
	var all []int
	for _, id := range ids {
		all = append(all, o.origins(id)...)
	}
	return all
}

// known notes, and returns false, where a want asks for a transaction that the case
// does not have.
func (o *caseEnd) known(what string, index int) bool {
	ok := index >= 0 && index < len(o.ids)
	if !ok {
		o.notef(nil, "%s: there is no transaction %d, but %d of them, from 0", what, index, len(o.ids))
	}
	return ok
}
