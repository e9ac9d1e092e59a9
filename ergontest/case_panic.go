package ergontest

import (
	"context"
	"errors"
	"slices"

	"github.com/ergon-go/ergon"
)

// casePanics notes what a call that did not return has ended with: only the engine,
// which catches it, knows.
type casePanics struct{ life *caseLife }

// Begin changes nothing.
func (casePanics) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }

// End notes a panic.
func (p casePanics) End(_ context.Context, e *ergon.Event) {
	var panicked *ergon.PanicError
	if errors.As(e.Err, &panicked) && !p.life.gone.Load() {
		p.life.panicked(e, e.Err)
	}
}

// panicked writes a panic to the calls that did not return for it: that of the
// stage, and that of a fake in it.
func (s *caseScript) panicked(e *ergon.Event, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	planned := false
	for _, st := range slices.Backward(s.steps) {
		same := st.stage == e.Stage && st.attempt == e.Attempt && (e.ID == "" || s.related(st.ids, e.ID))
		if same && st.err == ergon.ErrGoexit { //nolint:errorlint // the mark of a call that did not return
			st.err = err
			planned = planned || slices.ContainsFunc(st.faults, func(f Fault) bool { return f.act == actPanic })
		}
	}
	if !planned {
		s.panics = append(s.panics, err)
	}
}

// related reports whether ids came of a transaction. The lock is held.
func (s *caseScript) related(ids []string, id string) bool {
	of := s.origins(id)
	return slices.ContainsFunc(ids, func(id string) bool {
		return slices.ContainsFunc(s.origins(id), func(i int) bool { return slices.Contains(of, i) })
	})
}
