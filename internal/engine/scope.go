package engine

import (
	"context"
	"fmt"
	"runtime/debug"
	"runtime/pprof"
	"sync"

	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon"
)

// scope is where every goroutine of a run is started, and the only place. It can
// be waited for with a deadline, because code that ignores its context must not
// keep a run from returning.
type scope struct {
	group  conc.WaitGroup
	named  func(stage string) context.Context // with the labels that profiles show
	bug    func(err error)                    // told of a panic of the engine itself
	mu     sync.Mutex
	live   int
	closed bool
	empty  chan struct{} // closed when live falls to 0 while somebody waits
}

// loop calls step in a goroutine of its own until it returns false. Where user
// code inside step ends the goroutine (runtime.Goexit), another one goes on: a
// step must leave everything in order in its deferred functions. Profiles show
// the goroutine under the stage; what it carries on for others too.
func (s *scope) loop(stage string, step func() bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.live++
	s.group.Go(func() {
		ended := false
		defer s.left()
		defer func() {
			if p := recover(); p != nil {
				s.bug(fmt.Errorf("ergon: internal error: %w", &ergon.PanicError{Value: p, Stack: debug.Stack()}))
			} else if !ended {
				s.loop(stage, step)
			}
		}()
		pprof.SetGoroutineLabels(s.named(stage))
		for step() {
		}
		ended = true
	})
}

// run calls f once in a goroutine of its own.
func (s *scope) run(stage string, f func()) {
	ran := false
	s.loop(stage, func() bool {
		if !ran {
			ran = true
			f()
		}
		return false
	})
}

func (s *scope) left() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live--
	if s.live == 0 && s.empty != nil {
		close(s.empty)
		s.empty = nil
	}
}

// wait waits until no goroutine is left, or ctx ends, and says whether none is.
func (s *scope) wait(ctx context.Context) bool {
	s.mu.Lock()
	if s.live == 0 {
		s.mu.Unlock()
		return true
	}
	if s.empty == nil {
		s.empty = make(chan struct{})
	}
	empty := s.empty
	s.mu.Unlock()
	select {
	case <-empty:
		return true
	case <-ctx.Done():
		return false
	}
}

// close lets no more goroutines start. It returns when none is left, unless
// wait has said before that some will not end.
func (s *scope) close() {
	s.mu.Lock()
	s.closed = true
	live := s.live
	s.mu.Unlock()
	if live == 0 {
		s.group.Wait()
	}
}

// protected calls f and turns a panic into an error. Where f ends its goroutine,
// protected does not return, but settled has been called: with what f returned,
// with the panic, or with ergon.ErrGoexit.
func protected(f func() error, settled func(error)) {
	err := ergon.ErrGoexit
	defer func() {
		if p := recover(); p != nil {
			err = &ergon.PanicError{Value: p, Stack: debug.Stack()}
		}
		settled(sound(err))
	}()
	err = f()
}
