package ergontest

import (
	"fmt"
	"strings"

	"github.com/ergon-go/ergon"
)

type callsWant struct {
	name string
	n    int
}

// Calls wants a fake, a stage or a sink to be called n times in all, whether that
// works or fails.
func Calls(name string, n int) Want { return callsWant{name, n} }

func (w callsWant) names() []string { return []string{w.name} }

func (w callsWant) check(o *caseEnd) {
	calls := o.calls(w.name)
	if len(calls) == w.n {
		return
	}
	var about []int
	for _, s := range calls {
		about = append(about, o.of(s.ids)...)
	}
	o.differ(about, fmt.Sprintf("calls of %q", w.name), fmt.Sprint(w.n), fmt.Sprint(len(calls)))
}

type attemptsWant struct {
	index int
	name  string
	n     int
}

// Attempts wants a stage, a sink or a fake to be called n times for a transaction
// of the case, or for what came of it.
func Attempts(index int, name string, n int) Want { return attemptsWant{index, name, n} }

func (w attemptsWant) names() []string { return []string{w.name} }

func (w attemptsWant) check(o *caseEnd) {
	what := fmt.Sprintf("attempts of transaction %d at %q", w.index, w.name)
	if !o.known(what, w.index) {
		return
	}
	n := 0
	for _, s := range o.calls(w.name) {
		if o.concerns(s.ids, w.index) {
			n++
		}
	}
	if n != w.n {
		o.differ([]int{w.index}, what, fmt.Sprint(w.n), fmt.Sprint(n))
	}
}

type failedWant struct {
	index    int
	name     string
	category ergon.Category
	text     string
}

// Failed wants a transaction of the case, or something that came of it, to fail for
// good in a stage or a sink, with an error of a category whose text contains text.
func Failed(index int, stage string, category ergon.Category, text string) Want {
	return failedWant{index, stage, category, text}
}

func (w failedWant) names() []string { return []string{w.name} }

func (w failedWant) check(o *caseEnd) {
	what := fmt.Sprintf("a failure of transaction %d", w.index)
	if !o.known(what, w.index) {
		return
	}
	var got []string
	for _, f := range o.failures {
		if !o.concerns([]string{f.ID}, w.index) {
			continue
		}
		if o.is(f.Stage, w.name) && f.Category == w.category && strings.Contains(f.Err.Error(), w.text) {
			return
		}
		got = append(got, fmt.Sprintf("in %q, %v: %v", f.Stage, f.Category, f.Err))
	}
	if got == nil {
		got = []string{"none"}
	}
	o.differ([]int{w.index}, what, fmt.Sprintf("in %q, %v: %s", w.name, w.category, w.text), strings.Join(got, "\n\t      "))
}

type batchesWant struct {
	sink  string
	sizes []int
}

// Batches wants a sink to be handed batches of these sizes, in this order, those
// that are handed over again after a failure included.
func Batches(sink string, sizes ...int) Want { return batchesWant{sink, sizes} }

func (w batchesWant) names() []string { return []string{w.sink} }

func (w batchesWant) check(o *caseEnd) {
	if o.sink(w.sink) == nil {
		o.notef(nil, "batches of %q: it is no sink of the World", w.sink)
		return
	}
	sizes := []int{}
	for _, s := range o.calls(w.sink) {
		sizes = append(sizes, len(s.ids))
	}
	if fmt.Sprint(sizes) != fmt.Sprint(w.sizes) {
		o.differ(nil, fmt.Sprintf("batches of %q", w.sink), fmt.Sprint(w.sizes), fmt.Sprint(sizes))
	}
}
