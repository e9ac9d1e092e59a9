package ergontest

import (
	"fmt"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// verdict returns what was wrong with a run that has ended.
func (w *witness) verdict(l ergon.Ledger) []error {
	w.mu.Lock()
	members := w.members
	w.mu.Unlock()
	var errs []error
	var unsettled []string
	for _, m := range members {
		if err := m.Violations(); err != nil {
			errs = append(errs, err)
		}
		unsettled = append(unsettled, m.unsettled()...)
	}
	if int64(len(unsettled)) > l.Unsettled {
		errs = append(errs, fmt.Errorf("%d transactions were handed out and never settled, the ledger says %d: %s",
			len(unsettled), l.Unsettled, some(unsettled)))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return append(errs, w.early(l)...)
}

// early returns what was Acked before everything that came of it had ended.
func (w *witness) early(l ergon.Ledger) []error {
	var errs []error
	if len(w.late) > 0 && !w.shape.bestEffort {
		errs = append(errs, fmt.Errorf("acked before everything that came of it was stored: %s", some(w.late)))
	}
	if int64(len(w.lost)) > l.BestEffort { // dead letters that nobody waits for
		errs = append(errs, fmt.Errorf("acked when this was neither stored nor dropped, set aside or dealt with: %s", some(w.lost)))
	}
	may := l.Dropped + l.Handled + l.BestEffort
	if w.shape.bestEffort && !w.shape.grouped && int64(len(w.bare)) > may && w.sinks >= w.shape.sinks {
		errs = append(errs, fmt.Errorf("%d transactions were acked when nothing of them was stored, the ledger explains %d: %s",
			len(w.bare), may, some(w.bare)))
	}
	return errs
}

// shape is what must be known of a pipeline to judge its acks.
type shape struct {
	kinds      map[string]string // of the stages, by their names
	sinks      int               // dead-letter sinks included
	grouped    bool              // ids do not tell where something came from
	bestEffort bool              // something may be stored after the ack
	calm       map[string]bool   // the stages that nobody waits for
}

func shapeOf(graph pipeline.Topology) shape {
	s := shape{kinds: map[string]string{}, calm: map[string]bool{}}
	names := map[string]string{}
	for i, n := range graph.Nodes {
		names[n.ID] = n.Name
		if i > 0 { // the first is the source, whose name is not one of a stage
			s.kinds[n.Name] = n.Kind
		}
		switch n.Kind {
		case "sink", "dead-letter":
			s.sinks++
		case "group":
			s.grouped = true
		}
	}
	for _, e := range graph.Edges { // from above to below
		from, to := names[e.From], names[e.To]
		s.bestEffort = s.bestEffort || e.Label == "best effort"
		s.calm[to] = s.calm[to] || e.Label == "best effort" || s.calm[from] && e.Label == ""
	}
	return s
}

// some returns the first of many ids.
func some(ids []string) string {
	const most = 8
	if len(ids) <= most {
		return fmt.Sprintf("%q", ids)
	}
	return fmt.Sprintf("%q and %d more", ids[:most], len(ids)-most)
}
