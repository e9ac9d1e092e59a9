package source

import (
	"errors"
	"reflect"
	"strconv"

	"github.com/ergon-go/ergon"
)

// Merge returns a Source of what several sources hold, in turns where they all
// have something. It ends when all have ended. Each is fetched by a goroutine of
// its own, only when Merge is, and one call at a time, so that one that blocks or
// fails holds up no other: one that fails or has nothing rests, longer each time,
// while the others go on. A panic of a Fetch is an error of that source.
//
// What a source handed out and the run did not fetch is Released at Stop, or,
// where the source is no Settler, kept for the next Start. Starting, stopping,
// settling, extending and health go to the source that is concerned. Merge is a
// Settler, an Extender or a Counter where any of its sources is: it accepts the
// verdicts that all of them can carry out (a source that is no Settler needs
// nothing done for Acked and Released), its lease is the shortest, it wants no
// more in flight than the source that wants least, and its count is that of those
// who count.
//
// A source must not be merged twice, nor two whose ids begin with the same name.
func Merge[T any](sources ...ergon.Source[T]) ergon.Source[T] {
	m := &merged[T]{news: make(chan struct{}, 1)}
	for i, source := range sources {
		if isNil(source) {
			source = nil // has no abilities
		}
		m.children = append(m.children, &child[T]{number: i + 1, source: source})
	}
	m.faults = faultsOfMerge(sources)
	return m.able()
}

// able returns the core with those abilities that its sources have.
func (m *merged[T]) able() ergon.Source[T] {
	settles := offers[T, ergon.Settler[T]](m)
	counts := offers[T, ergon.Counter](m)
	extends := offers[T, ergon.Extender[T]](m)
	settler, counter, extender := mergedSettler[T]{m}, mergedCounter[T]{m}, mergedExtender[T]{m}
	switch {
	case settles && counts && extends:
		return &struct {
			*merged[T]
			mergedSettler[T]
			mergedCounter[T]
			mergedExtender[T]
		}{m, settler, counter, extender}
	case settles && extends:
		return &struct {
			*merged[T]
			mergedSettler[T]
			mergedExtender[T]
		}{m, settler, extender}
	case settles && counts:
		return &struct {
			*merged[T]
			mergedSettler[T]
			mergedCounter[T]
		}{m, settler, counter}
	case settles:
		return &struct {
			*merged[T]
			mergedSettler[T]
		}{m, settler}
	case counts:
		return &struct {
			*merged[T]
			mergedCounter[T]
		}{m, counter}
	}
	return m
}

// offers reports whether any source has an ability.
func offers[T, Ability any](m *merged[T]) bool {
	for _, c := range m.children {
		if _, ok := c.source.(Ability); ok {
			return true
		}
	}
	return false
}

// faultsOfMerge is what is wrong with the sources as a set.
func faultsOfMerge[T any](sources []ergon.Source[T]) error {
	var faults []error
	if len(sources) == 0 {
		faults = append(faults, fault("source.Merge", "sources", "", "are none"))
	}
	places, names := map[any]int{}, map[string]int{}
	for i, source := range sources {
		what := "source " + strconv.Itoa(i+1)
		if isNil(source) {
			faults = append(faults, fault("source.Merge", what, "", "is nil"))
			continue
		}
		if reflect.TypeOf(source).Comparable() {
			if first, twice := places[source]; twice {
				faults = append(faults, fault("source.Merge", what, "", "is source "+strconv.Itoa(first)+" again"))
				continue
			}
			places[source] = i + 1
		}
		for _, name := range namesOf(source) {
			if first, twice := names[name]; twice {
				faults = append(faults, fault("source.Merge", what, strconv.Quote(name), "is the name of source "+strconv.Itoa(first)+" too"))
			}
			names[name] = i + 1
		}
	}
	return errors.Join(faults...)
}

// isNil also sees a nil pointer in an interface.
func isNil(source any) bool {
	if source == nil {
		return true
	}
	v := reflect.ValueOf(source)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// namesOf is what the ids of a source begin with, where that is known.
func namesOf(source any) []string {
	var names []string
	if n, ok := source.(interface{ names() []string }); ok {
		for _, name := range n.names() {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}
