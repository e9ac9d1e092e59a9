package ergontest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest/internal/diff"
)

type gotWant[Out any] struct {
	sink    string
	want    []Out
	ordered bool
}

// Got wants a sink to hold just these payloads at the end, in any order; what it
// was handed more than once counts once.
func Got[Out any](sink string, payloads ...Out) Want { return gotWant[Out]{sink: sink, want: payloads} }

// GotInOrder is Got where the order counts in which they came first.
func GotInOrder[Out any](sink string, payloads ...Out) Want {
	return gotWant[Out]{sink: sink, want: payloads, ordered: true}
}

func (w gotWant[Out]) names() []string { return []string{w.sink} }

func (w gotWant[Out]) check(o *caseEnd) {
	held, ok := heldBy[Out](o, w.sink)
	if !ok {
		return
	}
	left := slices.Clone(held)
	var missing []Out
	for _, want := range w.want {
		i := slices.IndexFunc(left, func(tx ergon.Transaction[Out]) bool { return alike(want, tx.Payload()) })
		if i < 0 {
			missing = append(missing, want)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	switch {
	case len(missing)+len(left) > 0:
		o.notef(w.concerned(o, held, left), "what %q holds\n%s", w.sink, differences(missing, left))
	case w.ordered && !slices.EqualFunc(payloadsOf(held), w.want, alike[Out]):
		o.differ(o.of(idsOf(held)), fmt.Sprintf("the order of what %q holds", w.sink), lines(w.want), lines(payloadsOf(held)))
	}
}

// concerned returns the transactions of which something is there that nobody wants,
// or of which nothing is there.
func (w gotWant[Out]) concerned(o *caseEnd, held, unexpected []ergon.Transaction[Out]) []int {
	about := o.of(idsOf(unexpected))
	there := o.of(idsOf(held))
	for i := range o.ids {
		if !slices.Contains(there, i) {
			about = append(about, i)
		}
	}
	return about
}

// differences shows what is missing and what is there though nobody wants it.
func differences[Out any](missing []Out, unexpected []ergon.Transaction[Out]) string {
	var all []string
	for _, want := range missing {
		all = append(all, "\t- "+shown(want))
	}
	for _, tx := range unexpected {
		all = append(all, fmt.Sprintf("\t+ %s  (%q)", shown(tx.Payload()), tx.ID()))
	}
	text := "\twant -, got +\n" + strings.Join(all, "\n")
	if len(missing) == 1 && len(unexpected) == 1 {
		text += strings.ReplaceAll(within(missing[0], unexpected[0].Payload()), "\n", "\n\t")
	}
	return text
}

// within says where in them two values differ, below a message that has shown both;
// nothing where they have no parts.
func within[Out any](want, got Out) string {
	how := diff.Of(want, got)
	if strings.HasPrefix(how, "value:\n") {
		return ""
	}
	return "\nwhich differ in\n" + how
}

// alike reports whether a payload is what was wanted: as reflect.DeepEqual says, but
// that an instant is the same in every zone.
func alike[Out any](want, got Out) bool {
	return reflect.DeepEqual(want, got) || diff.Of(want, got) == ""
}

func lines[Out any](payloads []Out) string {
	texts := make([]string, len(payloads))
	for i, p := range payloads {
		texts[i] = shown(p)
	}
	return strings.Join(texts, "\n\t      ")
}

func payloadsOf[Out any](txs []ergon.Transaction[Out]) []Out {
	payloads := make([]Out, len(txs))
	for i, tx := range txs {
		payloads[i] = tx.Payload()
	}
	return payloads
}

// heldBy returns what a sink holds, or notes why that is not to be had.
func heldBy[Out any](o *caseEnd, sink string) ([]ergon.Transaction[Out], bool) {
	switch s := o.sink(sink).(type) {
	case *worldSink[Out]:
		return s.Transactions(), true
	case nil:
		o.notef(nil, "what %q holds: it is no sink of the World", sink)
	default:
		o.notef(nil, "what %q holds: it holds %v, and not %v", sink, s.holds(), reflect.TypeFor[Out]())
	}
	return nil, false
}
