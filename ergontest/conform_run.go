package ergontest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// conformRun runs the trials of one connector.
type conformRun[T any] struct {
	traits Traits
	trials []conformTrial[T]
	fresh  func(t *testing.T) conformRig[T]
	// judge is told what was wrong in a trial, nothing where all was well.
	judge func(t *testing.T, name string, faults []string)

	survey conformSurvey[T]
	rows   []conformRow
}

// conformRow is a line of the matrix.
type conformRow struct{ outcome, name, why string }

const (
	conformRuns  = "runs"
	conformFails = "FAILS"
	conformNot   = "does not apply"
	conformLook  = "the suite"
)

// all runs every trial that applies.
func (r *conformRun[T]) all(t *testing.T) {
	t.Helper()
	if !r.look(t) {
		return
	}
	for _, trial := range r.trials {
		if why := r.survey.whyNot(trial); why != "" {
			r.rows = append(r.rows, conformRow{conformNot, trial.name, why})
			continue
		}
		r.one(t, trial)
	}
}

// look finds out what there is to test.
func (r *conformRun[T]) look(t *testing.T) bool {
	t.Helper()
	return r.bubbled(t, conformLook, func(t *testing.T, b *bubble) {
		s := conformSurvey[T]{traits: r.traits, rig: r.fresh(t)}
		if len(s.rig.lacks) == 0 {
			s.see(t)
		}
		for _, fault := range s.faults() {
			b.faultf("%s", fault)
		}
		r.survey = s
	})
}

// see opens what there is once, and asks for its abilities.
func (s *conformSurvey[T]) see(t *testing.T) {
	common := s.rig.abilities()
	if s.rig.source != nil {
		source := s.rig.source(t)
		s.source = conformAbilities[T](source) | s.traits.abilities(source) | common
		s.lease = conformLease[T](source)
		s.names = append(s.names, fmt.Sprintf("%T", source))
	}
	if s.rig.sink != nil {
		sink := s.rig.sink(t)
		s.sink = conformAbilities[T](sink) | s.traits.abilities(sink) | common
		s.names = append(s.names, fmt.Sprintf("%T", sink))
	}
	s.names = slices.Compact(s.names)
}

// one runs a trial, or fails it where the suite lacks something.
func (r *conformRun[T]) one(t *testing.T, trial conformTrial[T]) {
	t.Helper()
	row := conformRow{outcome: conformRuns, name: trial.name}
	ok := r.bubbled(t, trial.name, func(t *testing.T, b *bubble) {
		if missing := r.survey.missing(trial.needs); missing != "" {
			b.faultf("%s\n\tpromise: %s\n\tcannot be tested: the suite has to be given %s", trial.name, trial.promise, missing)
			return
		}
		p := newConformProbe(t, b, &r.survey, r.fresh(t), trial)
		p.try(trial.run)
	})
	if !ok {
		row.outcome = conformFails
	}
	r.rows = append(r.rows, row)
}

// bubbled runs f as a test of its own, in virtual time where there is any, and
// reports whether it found no fault.
func (r *conformRun[T]) bubbled(t *testing.T, name string, f func(t *testing.T, b *bubble)) (ok bool) {
	t.Helper()
	passed := t.Run(name, func(t *testing.T) {
		t.Helper()
		within := inBubble
		if r.traits.RealTime {
			within = inRealTime
		}
		within(t, func(faults []string) {
			t.Helper()
			ok = len(faults) == 0
			r.judge(t, name, faults)
		}, f)
	})
	return ok && passed
}

// inRealTime is inBubble for what cannot live in virtual time. Goroutines are
// counted when t has cleaned up, which is after f.
func inRealTime(t *testing.T, report func(faults []string), f func(t *testing.T, b *bubble)) {
	t.Helper()
	before := map[string]bool{}
	for _, g := range neighbours() {
		before[g.name] = true
	}
	b := &bubble{}
	t.Cleanup(func() {
		t.Helper()
		for _, g := range leftSince(before) {
			b.faultf("a goroutine is left:\n%s", indented(g.stack))
		}
		report(b.faults)
	})
	f(t, b)
}

// leftSince returns the goroutines that were not there before and do not end.
func leftSince(before map[string]bool) []goroutine {
	until := time.Now().Add(longestFarewell)
	for pause := time.Millisecond; ; pause *= 2 {
		left := slices.DeleteFunc(neighbours(), func(g goroutine) bool { return before[g.name] })
		if len(left) == 0 || time.Now().After(until) {
			return left
		}
		time.Sleep(pause)
	}
}

// longestFarewell is how long goroutines have, in real time, to end after what
// they belong to was closed.
const longestFarewell = 5 * time.Second

// matrix shows which trials ran, and why the others did not.
func (r *conformRun[T]) matrix() string {
	count := map[string]int{}
	width := 0
	for _, row := range r.rows {
		count[row.outcome]++
		width = max(width, len(row.name))
	}
	var s strings.Builder
	fmt.Fprintf(&s, "conformance of %s: %d tests, %d run, %d fail, %d do not apply\n", strings.Join(r.survey.names, " and "),
		len(r.rows), count[conformRuns]+count[conformFails], count[conformFails], count[conformNot])
	for _, row := range r.rows {
		line := fmt.Sprintf("\t%-*s  %-*s  %s", len(conformNot), row.outcome, width, row.name, row.why)
		s.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return s.String()
}
