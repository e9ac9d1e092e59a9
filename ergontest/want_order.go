package ergontest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ergon-go/ergon"
)

type orderWant[Out any] struct {
	sink string
	key  func(Out) string
}

// OrderPerKey wants a sink to have got what has the same key in the order of the
// case, the first time of each. The children of a transaction are in order among
// themselves too.
func OrderPerKey[Out any](sink string, key func(Out) string) Want { return orderWant[Out]{sink, key} }

func (w orderWant[Out]) names() []string { return []string{w.sink} }

func (w orderWant[Out]) check(o *caseEnd) {
	held, ok := heldBy[Out](o, w.sink)
	if !ok {
		return
	}
	if w.key == nil {
		o.notef(nil, "the order in %q: there is no function for the key", w.sink)
		return
	}
	last := map[string]ergon.Transaction[Out]{}
	for _, tx := range held {
		key := w.key(tx.Payload())
		before, there := last[key]
		if there && slices.Compare(o.position(before.ID()), o.position(tx.ID())) > 0 {
			o.notef(o.of([]string{before.ID(), tx.ID()}), "the order in %q of what has the key %q: %q came before %q",
				w.sink, key, before.ID(), tx.ID())
		}
		last[key] = tx
	}
}

// position returns where something stands in the order of the case: the number of
// its transaction, and those of the children.
func (o *caseEnd) position(id string) []int {
	if i, ok := o.roots[id]; ok {
		return []int{i}
	}
	parents := o.parents[id]
	if len(parents) == 0 {
		return nil
	}
	first := slices.MinFunc(parents, func(a, b string) int { return slices.Compare(o.position(a), o.position(b)) })
	_, ordinal, _ := strings.Cut(id[min(len(first), len(id)):], "/")
	n, err := strconv.Atoi(ordinal)
	if err != nil {
		return o.position(first)
	}
	return append(o.position(first), n)
}
