package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// Outcome is how a run ended.
type Outcome struct {
	Ledger    ergon.Ledger
	Cause     error // why it stopped; nil: it came to its end, or its caller stopped it
	Drained   bool  // everything in flight was settled in time
	Stuck     []Stuck
	Troubles  []Trouble   // what was failing, up to the end
	Unhandled []Unhandled // the first of them
	Homeless  int64       // how many there were
	Unsettled error       // why the source could not be told, the first reason
	Connect   error       // what Start and Stop of connectors said
	Observers error
}

// Stuck is a goroutine that is still in user code after the run has ended.
type Stuck struct {
	Stage string
	ID    string // of the transaction, or of the first of several
	N     int
	Stack string
}

// Drive runs the pipe until nothing is left to do, or its stop is over.
func (p *Pipe[In]) Drive(ctx context.Context) Outcome {
	r := p.run
	defer r.wrapUp()
	event := &ergon.Event{Kind: ergon.KindRun, Snapshot: r.Snapshot}
	r.assembled.Store(true)
	outer := ctx
	if r.watch.sees(ergon.KindRun) {
		outer = r.watch.begin(r.work, event)
		r.rebase(outer)
	}
	started, connect := r.start(ctx, p.parts)
	out := Outcome{Drained: true}
	if connect == nil {
		p.begin(ctx)
		out.Drained = r.await(ctx)
	} else if ctx.Err() != nil && (errors.Is(connect, ctx.Err()) || errors.Is(connect, context.Cause(ctx))) {
		connect = nil // being told to stop is no error, not even so early
	}
	r.wound.Store(true)
	close(r.over)
	r.cancelAll()
	r.leave(out.Drained)
	if connect != nil || !r.whole() {
		r.abandon(started)
	}
	out.Connect = errors.Join(connect, r.end(started))
	out.Stuck = r.goneAstray()
	r.report(&out)
	p.closeEvents()
	if r.watch.sees(ergon.KindRun) {
		event.N, event.Err = int(out.Ledger.Fetched), errors.Join(out.Cause, out.Connect)
		r.watch.end(outer, event)
	}
	out.Observers = r.watch.err()
	return out
}

// rebase puts all work inside the context that the observers gave the run.
func (r *Run) rebase(outer context.Context) {
	r.work, r.cancelWork = context.WithCancelCause(outer)
	r.settling, r.endSettle = context.WithCancel(context.WithoutCancel(outer))
}

// begin starts what is not started by the first item.
func (p *Pipe[In]) begin(ctx context.Context) {
	r := p.run
	slices.SortFunc(r.gatherers, func(a, b *core) int { return a.step.Index - b.step.Index })
	fetching, cancel := context.WithCancelCause(r.work)
	r.endFetch = cancel
	if ctx.Err() != nil {
		cancel(context.Cause(ctx)) // told to stop before it began
	}
	if p.leases != nil {
		if err := p.leases.start(); err != nil {
			r.stop(err)
		}
	}
	p.fetch = &fetcher[In]{pipe: p, run: r, ctx: fetching, lots: lots[In]{pipe: p, size: r.FetchBatch}}
	p.fetch.filler, _ = p.source.(ergon.Filler[In])
	if p.leases != nil {
		p.fetch.lots.size = 0 // who extends leases looks at them at any time
	}
	oldest := p.fetch.lots.oldest
	r.oldest.Store(&oldest)
	p.fetch.start()
}

// await waits for the end of the run and sees it through its stop, if it has to
// stop. It reports whether everything in flight was settled.
func (r *Run) await(ctx context.Context) bool {
	var timeUp <-chan time.Time
	if r.RunTimeout > 0 {
		timer := time.NewTimer(r.lab.Apart(r.RunTimeout))
		defer timer.Stop()
		timeUp = timer.C
	}
	for {
		select {
		case <-r.finished:
			return true
		case <-r.stopped:
			return r.drain(r.cause)
		case <-timeUp:
			r.stop(ErrRunTimeout)
		case <-ctx.Done():
			r.stop(nil)
		case <-r.exhausted:
			return r.awaitExtras()
		}
	}
}

// awaitExtras gives sinks that nobody waits for the time of a drain.
func (r *Run) awaitExtras() bool {
	if r.within(r.Drain) {
		return true
	}
	r.giveUp()
	return r.within(r.Grace)
}

// giveUp is the end of all work: what runs is cancelled, what waits is released.
func (r *Run) giveUp() {
	r.endWork(ErrDrainTimeout)
	for _, p := range r.pools {
		p.rush()
	}
	r.scope.run("drain", func() { r.clock.deadline(time.Now(), r.Grace) })
}

// endWork ends the context of all work.
func (r *Run) endWork(cause error) {
	r.spent.Store(true)
	r.cancelWork(cause)
}

// drain is the stop: nothing more is fetched, what is in flight goes on for
// Drain; then work is cancelled, and what comes back within Grace is released.
func (r *Run) drain(why error) (clean bool) {
	event := &ergon.Event{Kind: ergon.KindDrain, N: int(r.slots.Load()), Err: why}
	inner := r.work
	if r.watch.sees(ergon.KindDrain) {
		inner = r.watch.begin(r.work, event)
	}
	r.endFetch(context.Canceled)
	limit := time.Now().Add(r.Drain)
	for _, p := range r.pools {
		p.belt.Eager()
	}
	r.scope.run("drain", func() { r.clock.deadline(limit, r.Grace) })
	clean = r.within(r.Drain)
	if !clean {
		r.giveUp()
		clean = r.within(r.Grace)
	}
	r.endSettle()
	if r.watch.sees(ergon.KindDrain) {
		event.N = int(r.books.rows[releasedRow].Load())
		if !clean {
			event.Err = errors.Join(why, ErrDrainTimeout)
		}
		r.watch.end(inner, event)
	}
	return clean
}

// within waits for the run to finish for at most d.
func (r *Run) within(d time.Duration) bool {
	timer := time.NewTimer(r.lab.Apart(d))
	defer timer.Stop()
	select {
	case <-r.finished:
		return true
	case <-timer.C:
		return false
	}
}

// whole reports whether everything that was to be fetched was, and has ended well.
func (r *Run) whole() bool {
	select {
	case <-r.stopped:
		return false
	default:
		l := r.books.ledger()
		return r.fetchDone.Load() && l.InFlight == 0 && l.Unsettled == 0
	}
}

// wrapUp ends what belongs to the run whatever happened.
func (r *Run) wrapUp() {
	r.clock.close()
	r.warden.leave()
	r.cancelAll()
	r.scope.close()
}

// cancelAll ends every context of the run.
func (r *Run) cancelAll() {
	r.endWork(context.Canceled)
	r.endSettle()
	if r.endFetch != nil {
		r.endFetch(context.Canceled)
	}
}

// report enters what is known at the end.
func (r *Run) report(out *Outcome) {
	out.Ledger = r.books.ledger()
	out.Troubles = r.troubles()
	out.Ledger.BestEffort += r.extras.Load() // left behind in code that ignores its context
	select {
	case <-r.stopped:
		out.Cause = r.cause
	default:
	}
	if slots := r.slots.Load(); slots != out.Ledger.InFlight {
		out.Cause = errors.Join(out.Cause, fmt.Errorf("%w: %d in flight, but %v", ErrUnbalanced, slots, out.Ledger))
	}
	out.Ledger.Unsettled += out.Ledger.InFlight
	out.Ledger.InFlight = 0
	r.unhandled.mu.Lock()
	out.Unhandled, out.Homeless = r.unhandled.first, r.unhandled.count
	r.unhandled.mu.Unlock()
	out.Unsettled = r.unsettled.err()
	final, now := out.Ledger, time.Now()
	r.final.Store(&final)
	r.ended.Store(&now)
}

// Ledger returns the account as it stands, and after the end with what was abandoned.
func (r *Run) Ledger() ergon.Ledger {
	if final := r.final.Load(); final != nil {
		return *final
	}
	return r.books.ledger()
}
