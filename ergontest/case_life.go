package ergontest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
)

// caseLife is one run of a case, from its beginning to its end or to the death of its
// process. It is the director of its World.
type caseLife struct {
	*caseScript
	stop func()
	gone atomic.Bool
	told atomic.Bool     // to stop, by a fault
	died context.Context // ends when the process dies
	die  context.CancelFunc
	at   time.Time // of its death
}

// errDied is what calls return in a process that is dead. Nobody is there to
// hear it but the engine, which is to come to its end.
var errDied = ergon.Fatal(errors.New("ergontest: the process has died"))

func (s *caseScript) life(ctx context.Context, stop func()) *caseLife {
	l := &caseLife{caseScript: s, stop: stop}
	l.died, l.die = context.WithCancel(context.WithoutCancel(ctx))
	return l
}

// afterlife is what a call returns in a process that is dead, so that the engine
// soon comes to its end. Settling ends well, with no effect, or it would be tried
// again.
func (c crossing) afterlife() error {
	if c.kind == ergon.KindSettle {
		return nil
	}
	return errDied
}

// context returns the context of the run.
func (l *caseLife) context(ctx context.Context) context.Context {
	return inLab(ctx, l, lab.Lab{
		Child:   func(id, of string) { l.cameOf(id, []string{of}) },
		Grouped: l.cameOf,
		Failed:  l.failed,
		Random:  longest,

		Instants:  l.instants,
		Observers: []ergon.Observer{casePanics{l}},
	})
}

// longest draws the longest of the waits that chance may take.
func longest(n uint64) uint64 { return n - 1 }

// failed notes that a transaction has failed for good.
func (l *caseLife) failed(f lab.Failure) {
	if l.gone.Load() {
		return
	}
	l.add(&caseStep{ids: []string{f.ID}, mark: markNote, text: fmt.Sprintf("failed in %q at attempt %d, %v: %v", f.Stage, max(1, len(f.Attempts)), f.Category, f.Err)})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures = append(l.failures, f)
}

// leave tells the run to stop.
func (l *caseLife) leave() {
	l.told.Store(true)
	l.add(&caseStep{mark: markNote, text: "the run was told to stop"})
	l.stop()
}

// crash is the death of the process.
func (l *caseLife) crash() {
	if l.gone.Swap(true) {
		return
	}
	l.at = time.Now()
	l.add(&caseStep{mark: markDied, text: "the process died"})
	l.die()
	l.stop()
}

func (l *caseLife) around(ctx context.Context, c crossing, do func(context.Context) error) error {
	if l.gone.Load() {
		return c.afterlife()
	}
	if c.kind == ergon.KindSettle && !c.world {
		return do(ctx) // the source asks, from inside
	}
	q := l.cue(c)
	st := l.add(&caseStep{
		kind: c.kind, place: c.place, stage: c.stage, ids: c.ids, attempt: c.attempt, open: true, faults: q.faults,
	})
	err := ergon.ErrGoexit
	defer func() { l.left(st, err) }()
	err = l.play(ctx, c, q, do)
	return err
}

// left notes how a call has ended.
func (l *caseLife) left(st *caseStep, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	st.took, st.err, st.open, st.ended = time.Since(l.began)-st.at, err, false, l.gone.Load()
}

// play makes a call as the cue says.
func (l *caseLife) play(ctx context.Context, c crossing, q *caseCue, do func(context.Context) error) error {
	if q.stop {
		l.leave()
	}
	if q.crash {
		l.crash()
		return c.afterlife()
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(l.died, func() { cancel(errDied) })()
	if err := q.delay(ctx); err != nil {
		if q.leave {
			l.leave()
		}
		return err
	}
	if q.deaf > 0 {
		ctx = context.WithoutCancel(ctx)
	}
	if l.gone.Load() {
		return c.afterlife()
	}
	if q.panics {
		panic(q.value)
	}
	err := q.call(context.WithValue(ctx, cueKey{}, q), c, do)
	if q.after {
		l.crash()
	}
	if l.gone.Load() {
		return c.afterlife()
	}
	return err
}

func (l *caseLife) items(ctx context.Context, _ crossing) ergon.ItemErrors {
	q, ok := ctx.Value(cueKey{}).(*caseCue)
	if !ok || q.errs == nil && q.lost == nil {
		return nil
	}
	all := make(ergon.ItemErrors, max(len(q.errs), len(q.lost)))
	for i := range all {
		if q.lost != nil {
			all[i] = StoredBut(q.lost[i])
		}
		if q.errs != nil && q.errs[i] != nil {
			all[i] = q.errs[i]
		}
	}
	return all
}

type cueKey struct{}

// delay waits as slow and deaf code does.
func (q *caseCue) delay(ctx context.Context) error {
	if q.deaf > 0 {
		time.Sleep(q.deaf)
	}
	if q.slow <= 0 {
		return nil
	}
	timer := time.NewTimer(q.slow)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// call makes the call, unless all of it is refused, and returns the errors of all.
// Sinks and sources of the World see to single items themselves.
func (q *caseCue) call(ctx context.Context, c crossing, do func(context.Context) error) error {
	n := max(len(c.ids), 1)
	if c.world && c.kind != 0 && c.kind != ergon.KindFetch {
		return plainest(ergon.ItemErrorsOf(do(ctx), n), false)
	}
	var err error
	if q.errs == nil || c.kind != 0 && !refusesAll(q.errs) {
		err = do(ctx)
	}
	if q.errs == nil && q.lost == nil {
		return err
	}
	errs := make(ergon.ItemErrors, n)
	copy(errs, ergon.ItemErrorsOf(err, n))
	for i := range errs {
		for _, more := range []ergon.ItemErrors{q.lost, q.errs} {
			if more != nil && more[i] != nil {
				errs[i] = more[i]
			}
		}
	}
	return plainest(errs, c.kind == 0)
}

func refusesAll(errs ergon.ItemErrors) bool {
	for _, err := range errs {
		if err == nil {
			return false
		}
	}
	return errs != nil
}

// plainest returns errors of items as one where they are one, and where the call
// is one of a service, that knows of no items.
func plainest(errs ergon.ItemErrors, one bool) error {
	same := true
	var first error
	for _, err := range errs {
		if first == nil {
			first = err
		}
		same = same && errorsEqual(err, errs[0])
	}
	switch {
	case first == nil:
		return nil
	case same || one:
		return first
	}
	return errs
}

// errorsEqual reports whether two errors are one, also where they cannot be
// compared.
func errorsEqual(a, b error) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b //nolint:errorlint // identity is what is asked for
}
