package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/check"
)

// ErrObserver says that an observer panicked and was detached.
var ErrObserver = errors.New("pipeline: an observer panicked and was detached")

// watch tells the observers of a run what happens. What nobody wants to know costs
// the comparison that its caller makes.
type watch struct {
	pipeline  string
	wanted    kinds       // by any of them
	stop      func(error) // told when an observer has ended a goroutine of the run
	observers []*observed
	mu        sync.Mutex
	faults    []error
}

// kinds says of each kind whether it is wanted.
type kinds [ergon.KindViolation + 1]bool

type observed struct {
	observer ergon.Observer
	wanted   kinds
	detached atomic.Bool
}

func newWatch(pipeline string, observers []ergon.Observer, stop func(error)) *watch {
	if len(observers) == 0 {
		return nil
	}
	w := &watch{pipeline: pipeline, stop: stop}
	for _, o := range w.each(observers) {
		one := &observed{observer: o}
		picky, _ := o.(ergon.Selective)
		w.call(one, func() {
			for k := ergon.KindRun; int(k) < len(one.wanted); k++ {
				one.wanted[k] = picky == nil || picky.Wants(k)
				w.wanted[k] = w.wanted[k] || one.wanted[k]
			}
		})
		w.observers = append(w.observers, one)
	}
	return w
}

// each returns the observers one by one, of those too that stand for several.
func (w *watch) each(observers []ergon.Observer) []ergon.Observer {
	var all []ergon.Observer
	for _, o := range observers {
		several, ok := o.(ergon.Several)
		if !ok {
			all = append(all, o)
			continue
		}
		w.call(&observed{observer: o}, func() {
			for _, one := range several.Observers() {
				if !check.Nil(one) {
					all = append(all, one)
				}
			}
		})
	}
	return all
}

// sees reports whether anybody wants to know of a kind.
func (w *watch) sees(k ergon.Kind) bool { return w != nil && w.wanted[k] }

// seesEach reports whether anybody wants to know of each transaction.
func (w *watch) seesEach() bool {
	return w != nil && (w.wanted[ergon.KindTransaction] || w.wanted[ergon.KindBatch])
}

// begin tells of a beginning and returns the context for what is inside.
func (w *watch) begin(ctx context.Context, e *ergon.Event) context.Context {
	e.Pipeline = w.pipeline
	for _, o := range w.observers {
		if !o.wanted[e.Kind] {
			continue
		}
		w.call(o, func() {
			if inner := o.observer.Begin(ctx, e); inner != nil {
				ctx = inner
			}
		})
	}
	return ctx
}

// end tells of an end, the last observer first.
func (w *watch) end(ctx context.Context, e *ergon.Event) {
	for i := len(w.observers) - 1; i >= 0; i-- {
		o := w.observers[i]
		if !o.wanted[e.Kind] {
			continue
		}
		w.call(o, func() { o.observer.End(ctx, e) })
	}
}

// moment tells of something that takes no time.
func (w *watch) moment(ctx context.Context, e *ergon.Event) { w.end(w.begin(ctx, e), e) }

// call calls an observer unless it has panicked before. One that ends the
// goroutine takes with it what the engine was about to do, so the run stops.
func (w *watch) call(o *observed, f func()) {
	if o.detached.Load() {
		return
	}
	returned := false
	defer func() {
		p := recover()
		if returned || !o.detached.CompareAndSwap(false, true) {
			return
		}
		if p == nil {
			w.lose(o, ergon.ErrGoexit)
			w.stop(errWatching)
			return
		}
		w.lose(o, &ergon.PanicError{Value: p, Stack: debug.Stack()})
	}()
	f()
	returned = true
}

// errWatching says why a run stops that an observer has harmed.
var errWatching = errors.New("pipeline: stopped, since an observer ended a goroutine of the run")

// lose notes why an observer was detached, and says so at once: from here on
// whoever looks through it sees nothing, and the run may go on for weeks.
func (w *watch) lose(o *observed, cause error) {
	err := fmt.Errorf("%w: %T: %w", ErrObserver, o.observer, cause)
	slog.Default().Error("ergon: an observer panicked and was detached", "pipeline", w.pipeline, "error", err)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, err)
}

// err returns what is to be reported at the end of the run.
func (w *watch) err() error {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.faults...)
}
