package ergontest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
)

// conformProbe is one trial while it runs. Its methods are called by the goroutine
// of the test.
type conformProbe[T any] struct {
	t      *testing.T
	bubble *bubble
	rig    conformRig[T]
	traits Traits
	able   conformAbility
	lease  time.Duration
	trial  conformTrial[T]
	random *rand.Rand
	made   []string               // the texts of what was made
	ids    map[string]string      // by text
	out    []ergon.Transaction[T] // what was handed out before something happened
	rough  bool                   // errors are part of it
	asks   conformAsks
	heard  []error
}

func newConformProbe[T any](t *testing.T, b *bubble, s *conformSurvey[T], rig conformRig[T], trial conformTrial[T]) *conformProbe[T] {
	p := &conformProbe[T]{
		t: t, bubble: b, rig: rig, traits: s.traits, able: s.source, lease: s.lease, trial: trial,
		random: rand.New(rand.NewPCG(1, 2)), ids: map[string]string{},
	}
	if trial.sink {
		p.able = s.sink
	}
	return p
}

// conformEnd is how a trial ends that has found something.
type conformEnd struct{}

// try runs the trial, and looks at the errors that it has seen.
func (p *conformProbe[T]) try(run func(*conformProbe[T])) {
	defer func() {
		if r := recover(); r != nil && r != (conformEnd{}) {
			panic(r)
		}
		p.checkSecrets()
	}()
	run(p)
}

// failf ends the trial: the promise was broken.
func (p *conformProbe[T]) failf(format string, args ...any) {
	p.bubble.faultf("%s\n\tpromise: %s\n\tseen:    %s", p.trial.name, p.trial.promise, fmt.Sprintf(format, args...))
	panic(conformEnd{})
}

// unlessf is failf unless ok.
func (p *conformProbe[T]) unlessf(ok bool, format string, args ...any) {
	if !ok {
		p.failf(format, args...)
	}
}

// letOthersWork lets calls that have begun get as far as they can.
func (p *conformProbe[T]) letOthersWork() {
	if !p.traits.RealTime {
		synctest.Wait()
		return
	}
	for range 1000 {
		runtime.Gosched()
	}
}

// patience is how long a call may take that need not wait for anything.
func (p *conformProbe[T]) patience() time.Duration {
	if p.traits.RealTime {
		return 20 * time.Second
	}
	return time.Minute
}

// away is how long a call is given while the system is away.
func (p *conformProbe[T]) away() time.Duration {
	if p.traits.RealTime {
		return 200 * time.Millisecond
	}
	return p.patience() / 2
}

// quiet is how long a Fetch is given to come up with something.
func (p *conformProbe[T]) quiet() time.Duration {
	if p.traits.RealTime {
		return 50 * time.Millisecond
	}
	if p.lease > 0 {
		return min(time.Second, p.lease/100)
	}
	return time.Second
}

// pass lets time pass.
func (p *conformProbe[T]) pass(d time.Duration) {
	if p.rig.pass != nil {
		p.rig.pass(d)
		return
	}
	time.Sleep(d)
}

func (p *conformProbe[T]) ctx() context.Context { return p.t.Context() }

// conformCall is a call of the connector that goes on.
type conformCall struct {
	what string
	done <-chan error
}

// begin calls the connector from a goroutine of its own.
func (p *conformProbe[T]) begin(what string, f func() error) conformCall {
	return conformCall{what, async(f)}
}

// end waits for a call and returns its error.
func (p *conformProbe[T]) end(c conformCall) error { return p.endWithin(c, p.patience()) }

func (p *conformProbe[T]) endWithin(c conformCall, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case err := <-c.done:
		if err == nil {
			return nil
		}
		panicked, is := err.(*ergon.PanicError) //nolint:errorlint // what it returned is not what it did
		p.unlessf(!is, "%s panicked: %v", c.what, panicked)
		p.unlessf(err != ergon.ErrGoexit, "%s ended its goroutine with runtime.Goexit", c.what) //nolint:errorlint // as above
		p.heard = append(p.heard, err)
		return err
	case <-timer.C:
		p.failf("%s had not returned after %v", c.what, d)
		return nil
	}
}

// call calls the connector, and waits.
func (p *conformProbe[T]) call(what string, f func() error) error { return p.end(p.begin(what, f)) }

// must is call for what has to work.
func (p *conformProbe[T]) must(what string, f func() error) {
	if err := p.call(what, f); err != nil {
		p.failf("%s: %v", what, err)
	}
}

// may is call for what need not work, but has to return.
func (p *conformProbe[T]) may(what string, f func() error) { _ = p.call(what, f) } //nolint:errcheck // that is the point

// conformOver reports whether an error only says that a context has ended.
func conformOver(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// conformCanary is the text of a payload that no error may contain.
const conformCanary = "canary-5bd1c8-payload"

// checkSecrets looks at every error that was heard.
func (p *conformProbe[T]) checkSecrets() {
	for _, err := range p.heard {
		text := err.Error()
		if p.rig.secret != "" && strings.Contains(text, p.rig.secret) {
			p.leak("the secret of the suite", text)
		}
		if strings.Contains(text, conformCanary) {
			p.leak("a payload", text)
		}
	}
}

func (p *conformProbe[T]) leak(what, text string) {
	p.bubble.faultf("%s\n\tpromise: An error names neither payloads nor credentials: it goes into logs.\n\tseen:    %s in an error: %s", p.trial.name, what, text)
}
