package engine

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// call is one attempt: what it is for, and what it may do besides returning.
type call struct {
	pool   *core
	task   *task
	handed bool          // the items have become something else: nothing can happen to them here any more
	room   any           // what the body uses again
	stood  time.Duration // what of it was spent in handing on
	clock  pausable      // its context; for FlatMap it stands still while what it yields waits for room
}

// do works on a task: what may not be attempted any more ends, the rest is
// attempted once.
func (p *core) do(w *seat, t *task) {
	t = p.admit(t)
	if t != nil {
		p.try(w, t)
	}
}

// admit ends what must not be attempted and returns the rest, nil for none.
func (p *core) admit(t *task) *task {
	now := p.clockFor()
	if p.allFit(t.items, now) {
		return t
	}
	var fit, unfit []int
	for i := range t.items.len() {
		if p.refusal(t.items.node(i), now) == nil {
			fit = append(fit, i)
		} else {
			unfit = append(unfit, i)
		}
	}
	rest := (*task)(nil)
	if len(fit) > 0 {
		rest = t.part(fit)
	}
	for _, i := range unfit {
		p.refuse(t, i, p.refusal(t.items.node(i), now))
	}
	return rest
}

func (p *core) allFit(t things, now time.Time) bool {
	if !p.run.leased && !p.budgeted() { // then nothing can be wrong with one of them alone
		return !p.isExpired()
	}
	for i := range t.len() {
		if p.refusal(t.node(i), now) != nil {
			return false
		}
	}
	return true
}

// Why an item is not attempted.
var (
	errReleased = errors.New("pipeline: released at a stop")
	errLost     = ergon.ErrLeaseLost
	errUnfit    = errors.New("pipeline: not attempted: the wait for the limiter took too long")
)

// refusal returns why an item may not be attempted now, nil if it may.
func (p *core) refusal(n *node, now time.Time) error {
	switch {
	case p.isExpired():
		return errReleased
	case n.has(lost) && p.body.lost != nil:
		return errLost
	case p.body.budget && !n.lasts(now):
		return ErrTransactionTimeout
	}
	return nil
}

// refuse ends an item that may not be attempted.
func (p *core) refuse(t *task, i int, why error) {
	switch {
	case errors.Is(why, errReleased):
		p.ended(t, i, p.body.released)
	case errors.Is(why, errLost):
		p.ended(t, i, p.body.lost)
	default:
		p.failedItem(t, i, ruling{act: actFail, err: why, category: ergon.CategoryTimeout, verdict: ergon.Returned, delay: unset})
	}
}

// attempt is one call of what a pool does, from its beginning to its conclusion.
type attempt struct {
	call     call
	items    things
	worker   *seat
	results  place
	began    time.Time
	called   bool          // what the pool does was called
	took     time.Duration // 0 where user code has ended the goroutine
	ctx      context.Context
	event    *ergon.Event // nil: nobody watches
	err      error
	timedOut bool
	plain    bool     // its context is the leash of the worker
	back     bool     // user code has come back, and has not ended the goroutine
	rulings  []ruling // what err means for each item; nil where it means nothing yet
	single   [1]ruling
}

// try attempts a task once. Whatever the function does — return, panic, end the
// goroutine — the task is concluded.
func (p *core) try(w *seat, t *task) {
	w.takeLeash()
	a := &w.trial
	plain := !w.each && t.tries == nil && !p.body.splits
	if !plain {
		a = &attempt{} // since its context stands in it, which user code may keep
	}
	*a = attempt{
		call: call{pool: p, task: t, room: w.rest}, items: t.items, worker: w, plain: plain,
		results: w.results(t.items.len()), began: p.run.began.Add(w.beginning()), ctx: p.baseContext(t.items), err: ergon.ErrGoexit,
	}
	defer a.conclude()
	if p.run.watch.sees(p.body.kind) {
		e := p.event(new(ergon.Event), t.items, t.attempts()+1)
		if p.body.begun != nil {
			p.body.begun(e, t.items.node(0))
		}
		a.ctx = p.run.watch.begin(a.ctx, e)
		a.event = e
	}
	w.desk.show(p.step.Name, t.items.node(0), t.items.len())
	a.make()
	ended := time.Since(p.run.began)
	if a.called {
		a.took = ended - a.began.Sub(p.run.began)
	}
	if w.ended = 0; a.err == nil {
		w.ended = ended
		p.pace.note(t.items.len(), a.took)
	}
	w.rest = a.call.room
	a.judge()
	a.back = true
}

// make makes the call. A panic is an error like any other.
func (a *attempt) make() {
	defer func() {
		if v := recover(); v != nil {
			a.err = &ergon.PanicError{Value: v, Stack: debug.Stack()}
		}
		a.err = sound(a.err)
		a.timedOut = a.end()
	}()
	a.err = a.do(a.call.pool)
}

// judge finds out what the error means for each item. It asks the user's
// Classify, so it is still part of what may end the goroutine.
func (a *attempt) judge() {
	errs := ergon.ItemErrorsOf(a.err, a.items.len())
	if errs == nil || a.err == errUnfit { //nolint:errorlint // only our own mark, which nobody is asked about
		return
	}
	a.rulings = a.single[:]
	if len(errs) > 1 {
		a.rulings = make([]ruling, len(errs))
	}
	for i, err := range errs {
		a.rulings[i] = plainRuling(err)
	}
	for i, err := range errs {
		if err != nil {
			a.rulings[i] = a.call.pool.rule(err, a.timedOut)
		}
	}
}

// do waits for the limiter and calls the body. The wait is not part of the
// attempt's time.
func (a *attempt) do(p *core) error {
	if l := p.step.Settings.Limiter; l != nil {
		if err := l.Wait(a.ctx); err != nil {
			return err
		}
		a.began = time.Now()
		if !p.allFit(a.items, a.began) {
			return errUnfit
		}
	}
	a.called = true
	if a.plain {
		a.worker.beginWhole(a.began.Sub(p.run.began))
		return p.self.invoke(a.worker.leash, &a.call, a.items, a.results)
	}
	a.call.clock.begin(a.ctx, p.run.lab.Apart(p.timeLeft(a.items, a.call.task.tries, a.began)), p.body.splits)
	return p.self.invoke(&a.call.clock, &a.call, a.items, a.results)
}

// end ends the context of the attempt, and says whether its time was up.
func (a *attempt) end() (timedOut bool) {
	if !a.plain {
		return a.call.clock.end()
	}
	a.worker.retire()
	return a.worker.late
}

// conclude is deferred: it sees what became of the call, also where user code
// has ended the goroutine: in the call, or when it was asked what an error means.
func (a *attempt) conclude() {
	p := a.call.pool
	a.worker.desk.leave(false)
	a.worker.back(!a.back)
	if a.called || a.err != errUnfit { //nolint:errorlint // only our own mark
		p.tally.note(a.items.len(), max(0, a.took-a.call.stood))
	}
	if a.err != nil && a.rulings == nil {
		a.rulings = slices.Repeat([]ruling{plainRuling(a.err)}, a.items.len())
	}
	if !a.call.handed {
		defer p.conclude(a.call.task, a.results, a.rulings, a.err, a.began, a.worker.carrier())
	}
	if a.event != nil {
		a.event.Err = a.err
		if p.body.done != nil {
			p.body.done(a.event, a.items.node(0))
		}
		p.run.watch.end(a.ctx, a.event)
	}
}

// timeLeft returns how long an attempt may take.
func (p *core) timeLeft(t things, all []tries, now time.Time) time.Duration {
	limit := p.step.Timeout
	switch {
	case p.budgeted():
	case p.step.Retry.Within == 0:
		return limit
	case all == nil: // nothing was tried before
		return min(limit, p.step.Retry.Within)
	}
	for i := range t.len() {
		if n := t.node(i); p.body.budget && n.deadline != 0 {
			limit = min(limit, time.Duration(n.deadline)-now.Sub(n.run.began))
		}
		if within := p.step.Retry.Within; within > 0 {
			first := now
			if all != nil && !all[i].first.IsZero() {
				first = all[i].first
			}
			limit = min(limit, first.Add(within).Sub(now))
		}
	}
	return limit
}

// baseContext returns the context in which items are attempted: of one transaction
// its own, of several the run's, also where nobody knows yet which (nil).
func (p *core) baseContext(t things) context.Context {
	if p.body.context != nil {
		return p.body.context()
	}
	if t != nil && t.len() == 1 {
		return t.node(0).context()
	}
	return p.run.work
}

// event writes the event of an attempt into e, which observers do not keep.
func (p *core) event(e *ergon.Event, t things, attempt int) *ergon.Event {
	*e = ergon.Event{Kind: p.body.kind, Stage: p.step.Name, N: t.len(), Attempt: attempt, Destination: p.body.destination}
	if t.len() == 1 {
		e.ID = t.node(0).idTold()
	}
	if p.run.watch.seesEach() && (t.len() > 1 || t.node(0).life == nil) {
		e.Contexts = contextsOf(t)
	}
	return e
}
