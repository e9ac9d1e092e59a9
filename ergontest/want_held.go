package ergontest

import (
	"fmt"
	"strconv"
)

type nothingWant struct{ sink string }

// Nothing wants a sink to hold nothing at the end.
func Nothing(sink string) Want { return nothingWant{sink} }

func (w nothingWant) names() []string { return []string{w.sink} }

func (w nothingWant) check(o *caseEnd) {
	s := o.sink(w.sink)
	switch {
	case s == nil:
		o.notef(nil, "what %q holds: it is no sink of the World", w.sink)
	case len(s.IDs()) > 0:
		o.differ(o.of(s.IDs()), fmt.Sprintf("what %q holds", w.sink), "nothing", some(s.IDs()))
	}
}

type duplicatesWant struct {
	sink string
	n    int
}

// Duplicates wants a sink to be handed n times, in all, what it had stored before.
func Duplicates(sink string, n int) Want { return duplicatesWant{sink, n} }

func (w duplicatesWant) names() []string { return []string{w.sink} }

func (w duplicatesWant) check(o *caseEnd) {
	s := o.sink(w.sink)
	if s == nil {
		o.notef(nil, "duplicates in %q: it is no sink of the World", w.sink)
		return
	}
	if again := s.Duplicates(); len(again) != w.n {
		o.differ(o.of(again), fmt.Sprintf("duplicates in %q", w.sink), strconv.Itoa(w.n), fmt.Sprintf("%d, %s", len(again), some(again)))
	}
}
