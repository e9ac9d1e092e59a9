package pipeline

import (
	"context"
	"errors"
	"sync"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/engine"
)

// Pipeline is a flow that ends in a sink and can be run, again and again but
// once at a time. Copies share one state. Its methods may be called by any
// goroutine.
type Pipeline struct {
	state *state
}

// state is what the copies of a Pipeline share.
type state struct {
	description description
	control     engine.Control

	mu   sync.Mutex
	now  *engine.Run // not nil while running
	last ergon.Ledger

	lastly ergon.Snapshot
}

// description is a whole pipeline, whatever it fetches.
type description interface {
	plan() *plan
	run(ctx context.Context, s *state, streaming bool) error
}

// ended is a flow that has come to its end.
type ended[In any] struct {
	head   *head[In]
	steps  []*step
	begin  *entry
	attach func(a *assembly[In])
}

// Run fetches until the source is exhausted (io.EOF, the Limit of the policy, or
// an empty fetch while nothing is in flight), settles everything, and returns.
// When ctx ends it stops: nothing more is fetched, and what is in flight has the
// policy's Drain to end. A stop that settles everything is no error.
//
// Run returns what is wrong with the description before anything has begun, all
// faults at once (ergon.ErrConfig); ErrRunning if the pipeline runs already;
// otherwise, joined, why it stopped early (an error of the source, ergon.Fatal,
// ErrRunTimeout, ErrTooManyFailures), and what could not be done: *DrainError,
// *UnhandledError, *UnsettledError, errors of Start and Stop. A run that was told
// to stop and settled everything returns nil too; ctx.Err() tells the two apart. A
// lost lease is no error: the source hands the transaction out again.
func (p Pipeline) Run(ctx context.Context) error { return p.run(ctx, false) }

// Stream is Run for a source that never ends: an empty fetch means waiting for
// more. It returns when ctx ends, or as Run does.
func (p Pipeline) Stream(ctx context.Context) error { return p.run(ctx, true) }

func (p Pipeline) run(ctx context.Context, streaming bool) error {
	err := p.Validate()
	if ctx == nil {
		err = errors.Join(err, &ergon.ConfigError{Where: "pipeline.Run", Field: "ctx", Why: "the context is nil"})
	}
	if err != nil {
		return err
	}
	return p.state.description.run(ctx, p.state, streaming)
}

// Validate returns everything that is known to be wrong before running, joined;
// every fault is an *ergon.ConfigError that names the stage. It calls Validate on
// sources and sinks that have it.
func (p Pipeline) Validate() error {
	if p.state == nil {
		return errEmpty
	}
	return errors.Join(p.state.description.plan().faults...)
}

var errEmpty = &ergon.ConfigError{Where: "pipeline", Why: "it is empty: begin it with pipeline.From"}

// Ledger returns the account of the run as it stands, or of the last one.
func (p Pipeline) Ledger() ergon.Ledger {
	if p.state == nil {
		return ergon.Ledger{}
	}
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	if p.state.now != nil {
		return p.state.now.Ledger()
	}
	return p.state.last
}

// Snapshot returns the run as it stands, or how the last one ended: its ledger, and
// of each stage what it does, what waits in front of it and how long it has worked.
// Before the first Run it is empty.
func (p Pipeline) Snapshot() ergon.Snapshot {
	if p.state == nil {
		return ergon.Snapshot{}
	}
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	if p.state.now != nil {
		return p.state.now.Snapshot()
	}
	return p.state.lastly
}

// Pause keeps the pipeline from fetching until Resume. What is in flight goes
// on, and a Fetch that has begun is not interrupted. It may be called before Run.
func (p Pipeline) Pause() {
	if p.state != nil {
		p.state.control.Pause()
	}
}

// Resume ends a Pause.
func (p Pipeline) Resume() {
	if p.state != nil {
		p.state.control.Resume()
	}
}

// enter makes a run the one of the pipeline, unless there is one.
func (s *state) enter(r *engine.Run) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil {
		return false
	}
	s.now = r
	return true
}

func (s *state) leave(l ergon.Ledger) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastly = s.now.Snapshot()
	s.lastly.Ledger = l
	s.now, s.last = nil, l
}
