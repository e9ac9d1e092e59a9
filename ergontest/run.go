package ergontest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/pipeline"
)

// Result is what came of a run.
type Result struct {
	Err    error         // what Run or Stream of the pipeline returned
	Ledger ergon.Ledger  // at its end
	Took   time.Duration // in virtual time
}

// Run builds a pipeline and runs it in virtual time, in a testing/synctest bubble
// of its own: hours of backoff take milliseconds. build is called inside the
// bubble, with the bubble's own t, and makes there whatever the pipeline needs;
// what that t's Cleanup has registered runs before Run returns.
//
// The test fails, and goes on, unless
//
//   - the run returns no error (see Fails), within 24 hours (see Within);
//   - the ledger balances;
//   - no goroutine is left but those that a *pipeline.DrainError names, and
//     nothing is deadlocked;
//   - what a Source was told keeps to the contract: everything it handed out was
//     settled exactly once, unless the ledger calls it unsettled;
//   - nothing was Acked by a Source that was not in its Sink at that moment. See
//     the package documentation for how this is known.
//
// Sources and Sinks of this package take part wherever they are in the pipeline,
// also inside other connectors, because they are started with the run's context.
//
// Run must not be called in a bubble. A mutex that is held over something that
// blocks, and a loop that never blocks, keep virtual time from passing: the test
// then hangs until go test's -timeout shows where.
func Run(t *testing.T, build func(t *testing.T) pipeline.Pipeline, opts ...Option) Result {
	t.Helper()
	given(t, "Run", "build", build != nil)
	return run(t, failing(t), build, settingsOf(opts))
}

func run(t *testing.T, report func([]string), build func(*testing.T) pipeline.Pipeline, s settings) Result {
	t.Helper()
	r := &runner{settings: s}
	inBubble(t, report, func(t *testing.T, b *bubble) {
		r.bubble = b
		r.run(t, build)
	})
	return r.Result
}

// runner is one call of Run.
type runner struct {
	settings
	*bubble
	Result
	late bool // it had to be stopped
}

func (r *runner) run(t *testing.T, build func(*testing.T) pipeline.Pipeline) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	w := newWitness(stop)
	ctx = context.WithValue(ctx, witnessKey{}, w)
	p := build(t)
	w.knows(p.Topology())
	began := time.Now()
	ended := r.conduct(inLab(ctx, nil, lab.Lab{}), p, stop)
	r.Took, r.Ledger = time.Since(began), p.Ledger()
	if !ended {
		return // the goroutines that are left tell where it hangs
	}
	r.judge()
	for _, err := range w.verdict(r.Ledger) {
		r.faultf("%v", err)
	}
}

// start starts the pipeline, which has ended when the channel has its error.
func (r *runner) start(ctx context.Context, p pipeline.Pipeline) <-chan error {
	if r.streaming {
		return async(func() error { return p.Stream(ctx) })
	}
	return async(func() error { return p.Run(ctx) })
}

// conduct sees a run through to its end, telling it to stop when it is time to. It
// reports whether there was an end.
func (r *runner) conduct(ctx context.Context, p pipeline.Pipeline, stop func()) bool {
	switch {
	case r.stopAfter == 0:
		stop()
	case r.stopAfter > 0:
		timer := time.AfterFunc(r.stopAfter, stop)
		defer timer.Stop()
	}
	done := r.start(ctx, p)
	if r.returns(done) {
		return true
	}
	r.late = true
	r.faultf("the run has not ended within %v and was stopped; %v", r.within, p.Ledger())
	stop()
	if r.returns(done) {
		return true
	}
	r.faultf("the run has not ended within %v of its stop; %v", r.within, p.Ledger())
	return false
}

// returns waits for the run to return, for as long as a run may take.
func (r *runner) returns(done <-chan error) bool {
	timer := time.NewTimer(r.within)
	defer timer.Stop()
	select {
	case r.Err = <-done:
		return true
	case <-timer.C:
		return false
	}
}

// judge looks at what the run returned, and at its ledger.
func (r *runner) judge() {
	switch {
	case r.late:
	case r.Err != nil && !r.fails:
		r.faultf("the run returned an error: %v", r.Err)
	case r.Err == nil && r.fails:
		r.faultf("the run returned no error")
	}
	if !r.Ledger.Balanced() || r.Ledger.InFlight != 0 {
		r.faultf("the ledger does not balance: %v", r.Ledger)
	}
	var drain *pipeline.DrainError
	if errors.As(r.Err, &drain) {
		for _, stuck := range drain.Stuck {
			if g, ok := parseGoroutine(stuck.Stack); ok {
				r.excuse(g.name)
			}
		}
	}
}

// Stop tells the run of Run whose context this is to stop, as StopAfter does but
// from inside: from a stage, a hook of a Source, a handler. It does not wait.
// Elsewhere it does nothing.
func Stop(ctx context.Context) {
	if w := witnessOf(ctx); w != nil {
		w.stop()
	}
}
