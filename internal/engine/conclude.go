package engine

import (
	"time"

	"github.com/ergon-go/ergon"
)

// conclude ends an attempt: what succeeded is handed on, what failed fails or
// will be tried again.
func (p *core) conclude(t *task, results place, rulings []ruling, err error, began time.Time, by carrier) {
	if p.run.isOver() {
		return // too late: whoever ended the run has accounted for it
	}
	if p.isExpired() && !p.body.late {
		p.releaseAll(t)
		return
	}
	if err == errUnfit { //nolint:errorlint // only our own mark
		if rest := p.admit(t); rest != nil {
			p.tally.waiting.Add(int64(rest.items.len()))
			p.belt.Again(rest)
		}
		return
	}
	errs := ergon.ItemErrorsOf(err, t.items.len())
	if errs == nil {
		p.trouble.over()
		p.mindOutage(nil, false)
		p.succeed(t, results, by)
		return
	}
	again := &retrial{}
	for i, e := range errs {
		if e == nil {
			p.succeedItem(t, i, results)
			continue
		}
		p.failAttempt(t, i, rulings[i], began, again)
	}
	if again.mishap != nil {
		p.tally.last.Store(&mishap{again.mishap, time.Now()})
	}
	if again.why != nil {
		p.trouble.note(p.step.Name, again.why)
	}
	p.mindOutage(err, len(again.indexes) > 0 && again.hold == 0)
	p.retry(t, again)
}

// retrial gathers those of a task that are tried again together.
type retrial struct {
	indexes []int // after a wait of their own
	wait    time.Duration
	held    []int // when the stage goes on
	hold    time.Duration
	why     error
	mishap  error // what the last that failed has failed with
}

// failAttempt deals with one item for which an attempt failed.
func (p *core) failAttempt(t *task, i int, r ruling, began time.Time, again *retrial) {
	n := t.items.node(i)
	switch {
	case p.isExpired():
		p.ended(t, i, p.body.released)
	case n.has(lost) && p.body.lost != nil:
		p.ended(t, i, p.body.lost)
	case r.act == actHold && p.outlives(n, r.delay):
		r.category = ergon.CategoryTimeout
		p.failOrRetry(t, i, r, began, again)
	case r.act == actHold:
		p.misses(r, again)
		again.held = append(again.held, i)
		again.hold, again.why = max(again.hold, r.delay), r.err
	case r.act == actDrop:
		p.ended(t, i, p.body.dropped)
		p.tally.fine.Add(1)
	case r.act == actFatal:
		p.misses(r, again)
		p.run.stop(r.err)
		p.ended(t, i, p.body.released)
	default:
		p.failOrRetry(t, i, r, began, again)
	}
}

// misses counts an attempt that failed.
func (p *core) misses(r ruling, again *retrial) {
	p.tally.failed.Add(1)
	again.mishap = r.err
}

// failOrRetry counts an attempt and decides whether there will be another.
func (p *core) failOrRetry(t *task, i int, r ruling, began time.Time, again *retrial) {
	p.misses(r, again)
	if t.tries == nil {
		t.tries = make([]tries, t.items.len())
	}
	tr := &t.tries[i]
	if tr.count == 0 {
		tr.first = began
	}
	tr.count++
	tr.note(ergon.Attempt{Number: tr.count, Start: began, Duration: time.Since(began), Wait: tr.wait, Err: r.err})
	if r.act == actRetry && tr.count < p.step.Retry.Attempts() {
		wait := max(p.run.delay(p.step.Retry, tr.count-1), r.delay)
		if p.endsInTime(t, i, wait) {
			tr.wait = wait
			again.add(i, wait, r.err)
			return
		}
	}
	p.failedItem(t, i, r)
}

func (a *retrial) add(i int, wait time.Duration, why error) {
	a.indexes = append(a.indexes, i)
	a.wait = max(a.wait, wait)
	a.why = why
}

// endsInTime reports whether an attempt after a wait could still begin within
// the time of the policy and of the transaction.
func (p *core) endsInTime(t *task, i int, wait time.Duration) bool {
	next := time.Now().Add(wait)
	if within := p.step.Retry.Within; within > 0 && !next.Before(t.tries[i].first.Add(within)) {
		return false
	}
	return !p.outlives(t.items.node(i), wait)
}

// outlives reports whether a wait would end after the time of the transaction.
func (p *core) outlives(n *node, wait time.Duration) bool {
	return p.body.budget && !n.lasts(time.Now().Add(wait))
}

// failedItem ends an item that failed for good.
func (p *core) failedItem(t *task, i int, r ruling) {
	f := fault{stage: p.step.Name, err: r.err, category: r.category, verdict: r.verdict, delay: r.delay}
	if r.act != actFail { // it asked for a wait here, not for one at the source
		f.delay, f.least = unset, max(0, r.delay)
	}
	if t.tries != nil {
		f.attempts = t.tries[i].history
	}
	if p.body.stage {
		f.item, f.value = t.items.ordinal(i), t.items.value(i)
	}
	p.ended(t, i, func(n *node) { p.body.failed(n, f) })
}

// retry sees to it that those of a task that are to be tried again come back:
// after their wait, or when the stage goes on. Meanwhile they hold no worker.
func (p *core) retry(t *task, again *retrial) {
	if len(again.held) > 0 {
		p.hold(t.part(again.held), again)
	}
	if len(again.indexes) == 0 {
		return
	}
	part := t.part(again.indexes)
	p.run.books.retries.Add(int64(part.items.len()))
	p.tally.retried.Add(int64(part.items.len()))
	told := p.tellWait(part, again.wait, again.why)
	p.tally.waiting.Add(int64(part.items.len()))
	p.run.clock.wait(again.wait, p.body.expired != nil, func() {
		defer p.belt.Again(part)
		told()
	}, func() {
		defer p.abandon(part, again.why)
		p.tally.waiting.Add(-int64(part.items.len()))
		told()
	})
}

// hold stops the whole stage for a while. When it goes on, what held it goes first.
func (p *core) hold(part *task, again *retrial) {
	told := p.tellWait(part, again.hold, again.why)
	p.tally.waiting.Add(int64(part.items.len()))
	hold := p.belt.Shut(again.hold)
	p.run.clock.wait(again.hold, false, func() {
		defer p.belt.Reopen(hold)
		defer p.belt.Again(part)
		told()
	}, func() {
		defer p.releaseAll(part)
		p.tally.waiting.Add(-int64(part.items.len()))
		defer p.belt.Reopen(hold) // there is no time to wait for it any more
		told()
	})
}

// tellWait tells the observers of a wait, and returns what tells them of its end.
func (p *core) tellWait(part *task, d time.Duration, why error) func() {
	if !p.run.watch.sees(ergon.KindWait) {
		return func() {}
	}
	e := &ergon.Event{Kind: ergon.KindWait, Stage: p.step.Name, N: part.items.len(), Attempt: part.attempts(), Wait: d, Err: why}
	if part.items.len() == 1 {
		e.ID = part.items.node(0).id()
	}
	ctx := p.run.watch.begin(p.baseContext(part.items), e)
	return func() { p.run.watch.end(ctx, e) }
}

// abandon ends what was to be tried again, and cannot be in time. Where nothing
// can be released, it has failed.
func (p *core) abandon(t *task, why error) {
	if p.body.expired == nil {
		p.releaseAll(t)
		return
	}
	for i := range t.items.len() {
		p.failedItem(t, i, ruling{err: why})
	}
}

func (p *core) releaseAll(t *task) {
	for i := range t.items.len() {
		p.ended(t, i, p.body.released)
	}
}
