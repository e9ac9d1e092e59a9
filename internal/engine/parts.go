package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// start starts every connector that wants to be started, in order, and returns
// those that were. The first that fails ends it.
func (r *Run) start(ctx context.Context, parts []Part) ([]Part, error) {
	for i, p := range parts {
		s, ok := p.Value.(ergon.Starter)
		if !ok {
			continue
		}
		if err := r.attend(ctx, p.Name+".Start", s.Start); err != nil {
			return parts[:i+1], fmt.Errorf("pipeline: start %s: %w", p.Name, err)
		}
	}
	return parts, nil
}

// abandoner is a connector that has to know, before its Stop, that the run did
// not come to its end: what it would publish is not whole.
type abandoner interface{ Abandon() }

// abandon tells those who want to know that the run was cut short.
func (r *Run) abandon(parts []Part) {
	for _, p := range parts {
		if a, ok := p.Value.(abandoner); ok {
			protected(func() error { a.Abandon(); return nil }, func(error) {})
		}
	}
}

// end stops every connector that wants to be stopped, the last one first. Each
// has the time of Grace.
func (r *Run) end(parts []Part) error {
	var errs []error
	for i := len(parts) - 1; i >= 0; i-- {
		s, ok := parts[i].Value.(ergon.Stopper)
		if !ok {
			continue
		}
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(r.work), r.lab.Apart(r.Grace), ErrDrainTimeout)
		if err := r.attend(ctx, parts[i].Name+".Stop", s.Stop); err != nil {
			errs = append(errs, fmt.Errorf("pipeline: stop %s: %w", parts[i].Name, err))
		}
		cancel()
	}
	return errors.Join(errs...)
}

// attend calls f in a goroutine of its own and waits for it until ctx ends and
// Grace has passed. One that ignores its context is left behind, and named.
func (r *Run) attend(ctx context.Context, name string, f func(context.Context) error) error {
	done := make(chan error, 1)
	d := &desk{}
	r.addDesk(d)
	r.scope.run(name, func() {
		d.sit(name, nil, 1)
		protected(func() error { return f(ctx) }, func(err error) {
			d.leave(errors.Is(err, ergon.ErrGoexit))
			done <- err
		})
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	timer := time.NewTimer(r.lab.Apart(r.Grace))
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return fmt.Errorf("it ignores its context: %w", context.Cause(ctx))
	}
}

// leave waits for all goroutines to end, which those do at once that are not in
// user code. Where some are known to be stuck there, it waits but a moment.
func (r *Run) leave(drained bool) bool {
	patience := r.Grace
	if !drained {
		patience = moment
	}
	ctx, cancel := context.WithTimeout(context.Background(), r.lab.Apart(patience))
	defer cancel()
	return r.scope.wait(ctx)
}

// moment is how long goroutines get that only have to notice that it is over.
const moment = 50 * time.Millisecond

// goneAstray names the goroutines that are still in user code.
func (r *Run) goneAstray() []Stuck {
	if r.leave(false) {
		return nil
	}
	var all []busy
	for _, p := range r.pools {
		all = append(all, p.stuck()...)
	}
	r.desksMu.Lock()
	defer r.desksMu.Unlock()
	for _, d := range r.desks {
		if b, ok := d.busy(); ok {
			all = append(all, b)
		}
	}
	return named(all)
}

// addDesk adds a desk to those that are looked at in the end.
func (r *Run) addDesk(d *desk) {
	r.desksMu.Lock()
	defer r.desksMu.Unlock()
	r.desks = append(r.desks, d)
}

// removeDesk takes a desk out at which nobody will sit any more.
func (r *Run) removeDesk(d *desk) {
	r.desksMu.Lock()
	defer r.desksMu.Unlock()
	r.desks = slices.DeleteFunc(r.desks, func(other *desk) bool { return other == d })
}

// named finds the stacks of those who are busy.
func named(all []busy) []Stuck {
	if len(all) == 0 {
		return nil
	}
	dump := stacks()
	stuck := make([]Stuck, len(all))
	for i, b := range all {
		stuck[i] = Stuck{Stage: b.Stage, ID: b.ID, N: b.N, Stack: dump[b.who]}
	}
	return stuck
}
