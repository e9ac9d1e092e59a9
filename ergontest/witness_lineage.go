package ergontest

import (
	"context"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/pipeline"
)

// lineage is what came of each transaction and how that has ended, as it shows
// where stages, sinks and handlers are called.
type lineage struct {
	children map[string][]string
	split    map[string]bool // a FlatMap has made of it all that it makes
	dropped  map[string]bool
	stored   map[string]bool // a sink said so, be it of this package or not
	excused  map[string]bool // set aside, or dealt with by OnError
}

func newLineage() lineage {
	return lineage{
		children: map[string][]string{}, split: map[string]bool{}, dropped: map[string]bool{},
		stored: map[string]bool{}, excused: map[string]bool{},
	}
}

// forget makes room for a transaction that is handed out anew. A group that it was
// in may still be that of others.
func (l *lineage) forget(id string) {
	for _, child := range l.children[id] {
		if parent, ok := parentOf(child); ok && parent == id {
			l.forget(child)
		}
	}
	delete(l.children, id)
	delete(l.split, id)
	delete(l.dropped, id)
	delete(l.excused, id)
}

// open returns what came of a transaction and has not ended.
func (l *lineage) open(id string, stored func(string) bool) []string {
	if l.excused[id] {
		return nil
	}
	var open []string
	for _, child := range l.children[id] {
		open = append(open, l.open(child, stored)...)
	}
	if len(l.children[id]) == 0 && !l.split[id] && !l.dropped[id] && !stored(id) {
		open = append(open, id)
	}
	return open
}

// knows tells a witness which pipeline it is about, before it runs.
func (w *witness) knows(graph pipeline.Topology) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shape = shapeOf(graph)
}

// newWitness returns one that has seen nothing.
func newWitness(stop func()) *witness { return &witness{stop: stop, lineage: newLineage()} }

// inLab returns a Lab that tells the witness, and goes on as l does. A witness that
// is nil changes nothing.
func (w *witness) inLab(l lab.Lab) lab.Lab {
	if w == nil {
		return l
	}
	around, child, grouped := l.Around, l.Child, l.Grouped
	l.Around = func(ctx context.Context, c lab.Call, do func(context.Context) error) error {
		var err error
		if around != nil {
			err = around(ctx, c, do)
		} else {
			err = do(ctx)
		}
		w.saw(c, err)
		return err
	}
	l.Child = func(id, of string) {
		w.cameOf(id, []string{of})
		if child != nil {
			child(id, of)
		}
	}
	l.Grouped = func(id string, members []string) {
		w.cameOf(id, members)
		if grouped != nil {
			grouped(id, members)
		}
	}
	l.Observers = append([]ergon.Observer{handlers{w}}, l.Observers...)
	return l
}

// cameOf notes that something came of something else.
func (w *witness) cameOf(id string, of []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, parent := range of {
		w.lineage.children[parent] = append(w.lineage.children[parent], id)
	}
}

// saw notes how a call has ended for each transaction it was for.
func (w *witness) saw(c lab.Call, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	errs := ergon.ItemErrorsOf(err, len(c.IDs))
	kind := w.shape.kinds[c.Stage]
	for i, id := range c.IDs {
		var err error
		if errs != nil {
			err = errs[i]
		}
		steering, _ := ergon.SteeringOf(err)
		switch {
		case err != nil:
			w.lineage.dropped[id] = w.lineage.dropped[id] || steering == ergon.SteerDrop
		case kind == "dead-letter" && c.Kind == ergon.KindDispatch:
			w.lineage.excused[id] = true
		case kind == "flat-map":
			w.lineage.split[id] = true
		case c.Kind == ergon.KindDispatch:
			w.lineage.stored[id] = true
		}
	}
}

// handlers watches what OnError answers.
type handlers struct{ witness *witness }

// Begin changes nothing.
func (handlers) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }

// End notes the transactions that a handler has dealt with.
func (h handlers) End(_ context.Context, e *ergon.Event) {
	if e.Kind != ergon.KindHandler || e.Err != nil || e.Verdict != ergon.Acked {
		return
	}
	h.witness.mu.Lock()
	defer h.witness.mu.Unlock()
	h.witness.lineage.excused[e.ID] = true
}

// deals reports whether a transaction was set aside or dealt with, the last time it
// was handed out.
func (w *witness) deals(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lineage.excused[id]
}

// unended returns what came of a transaction and has not ended, at the moment of
// its ack. The lock is held.
func (w *witness) unended(id string) []string {
	if w.shape.bestEffort {
		return nil // what nobody waits for comes later
	}
	return w.lineage.open(id, func(id string) bool {
		if w.sinks >= w.shape.sinks {
			return w.outputs[id] > 0
		}
		return w.lineage.stored[id]
	})
}
