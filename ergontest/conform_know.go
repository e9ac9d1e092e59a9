package ergontest

import (
	"context"
	"errors"
	"time"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfKnowing are about what a source can say without handing anything
// out.
func conformTrialsOfKnowing[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "count: what is left", of: ableCount, run: (*conformProbe[T]).counts,
			promise: "Count is what the source still holds: a run that is to end when it is empty believes it.",
		},
		{
			name: "count: what is out, delayed or released", of: ableCount | ableSettle | ableReturn, run: (*conformProbe[T]).countsOut,
			promise: "Count includes what is handed out and not settled, and what was Returned and is not due.",
		},
		{
			name: "count: as seen from outside", of: ablePending | ableSettle, needs: needPass, run: (*conformProbe[T]).pendingAgrees,
			promise: "What is not settled is still there, and what is Acked is not, as soon as Settle has returned.",
		},
		{
			name: "find: by its id", of: ableFind | ableNames, run: (*conformProbe[T]).finds,
			promise: "Find returns what the source holds, as it was published, and ErrNotFound for an id it does not know.",
		},
		{
			name: "find: takes nothing", of: ableFind | ableNames | ableSettle, needs: needPass, run: (*conformProbe[T]).findTakesNothing,
			promise: "What Find returns is not handed out by it: to settle that changes nothing.",
		},
		{
			name: "health: well", of: ableHealth, run: func(p *conformProbe[T]) { s := p.open(); p.healthy(s); p.stop(s) },
			promise: "Health returns nil where the source would work now.",
		},
		{
			name: "health: away", of: ableHealth | ableDown, run: func(p *conformProbe[T]) { s := p.open(); p.healthAway(s); p.stop(s) },
			promise: "Health returns an error while the system is away, and nil when it is back.",
		},
		{
			name: "beside each other", of: ableSettle, run: (*conformProbe[T]).allAtOnce,
			promise: "Settle, Extend, Count, Find and Health are called beside Fetch, each by a goroutine of its own.",
		},
	}
}

// count calls Count.
func (p *conformProbe[T]) count(source ergon.Source[T]) int {
	n := 0
	p.must("Count", func() (err error) { n, err = source.(ergon.Counter).Count(p.ctx()); return err })
	return n
}

func (p *conformProbe[T]) wantCount(source ergon.Source[T], want int, when string) {
	n := p.count(source)
	p.unlessf(n == want, "Count returned %d and not %d %s", n, want, when)
}

func (p *conformProbe[T]) counts() {
	texts := p.publish(10)
	source := p.open()
	if !p.traits.Unheld {
		p.wantCount(source, 10, "when 10 were published")
	}
	txs := p.gatherAt(source, texts, 3)

	if p.able.has(ableSettle) {
		p.wantCount(source, 10, "when 10 were out")
		p.settle(source, ergon.Acked, txs[:4]...)
		p.wantCount(source, 6, "when 4 of 10 were Acked")
		p.settle(source, ergon.Acked, txs[4:]...)
	}
	p.wantCount(source, 0, "when all had been dealt with")
	p.stop(source)
}

func (p *conformProbe[T]) countsOut() {
	delay := time.Duration(0)
	if p.able.has(ableDelay) {
		delay = time.Hour
	}
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	p.settle(source, ergon.Acked, txs[0])
	err := p.settling(source, conformSettlements(ergon.Returned, delay, txs[1:2]))
	p.unlessf(err == nil, "Settle: %v", err)
	if !p.traits.Unheld {
		p.wantCount(source, 3, "when one was Acked, one was Returned, and two were out")
	}
	p.stop(source)
}

func (p *conformProbe[T]) pendingAgrees() {
	want := func(n int, when string) {
		got := p.rig.pending(p.t)
		p.unlessf(got == n, "Pending returned %d and not %d %s", got, n, when)
	}
	texts := p.publish(6)
	source := p.open()
	txs := p.gather(source, texts)
	want(6, "when all were out")
	p.settle(source, ergon.Acked, txs[:3]...)
	want(3, "when 3 of 6 were Acked")
	p.stop(source)
	want(3, "when 3 of 6 were Acked and the source was stopped")
	source = p.recover(source)
	p.settle(source, ergon.Acked, p.gather(source, p.texts(txs[3:]))...)
	want(0, "when all were Acked")
	p.stop(source)
}

// find calls Find.
func (p *conformProbe[T]) find(source ergon.Source[T], id string) (tx ergon.Transaction[T], err error) {
	err = p.call("Find", func() (err error) { tx, err = source.(ergon.Finder[T]).Find(p.ctx(), id); return err })
	return tx, err
}

func (p *conformProbe[T]) finds() {
	texts := p.publish(4)
	source := p.open()
	txs := p.gather(source, texts)
	for _, tx := range txs {
		found, err := p.find(source, tx.ID())
		p.unlessf(err == nil, "Find(%q): %v", tx.ID(), err)
		p.unlessf(found.ID() == tx.ID() && p.text(found) == p.text(tx), "Find(%q) returned %q with %s, and not %s",
			tx.ID(), found.ID(), conformShown(p.text(found)), conformShown(p.text(tx)))
	}
	_, err := p.find(source, "there is no such id")
	p.unlessf(errors.Is(err, ergon.ErrNotFound), "Find of an id that there is not: %v", err)
	p.stop(source)
}

func (p *conformProbe[T]) findTakesNothing() {
	texts := p.publish(3)
	source := p.open()
	txs := p.gather(source, texts)
	found, err := p.find(source, txs[0].ID())
	p.unlessf(err == nil, "Find(%q): %v", txs[0].ID(), err)
	p.may("Settle", func() error {
		return source.(ergon.Settler[T]).Settle(p.ctx(), conformSettlements(ergon.Acked, 0, []ergon.Transaction[T]{found}))
	})
	source = p.recover(source)
	p.gather(source, texts)
	p.stop(source)
}

func (p *conformProbe[T]) health(of any) error {
	return p.call("Health", func() error { return of.(ergon.HealthChecker).Health(p.ctx()) })
}

func (p *conformProbe[T]) healthy(of any) {
	err := p.health(of)
	p.unlessf(err == nil, "Health: %v", err)
}

func (p *conformProbe[T]) healthAway(of any) {
	up := p.rig.down(p.t)
	ctx, cancel := context.WithTimeout(p.ctx(), p.away())
	defer cancel()
	err := p.call("Health", func() error { return of.(ergon.HealthChecker).Health(ctx) })
	up()
	p.unlessf(err != nil, "Health returned nil while the system was away")
	for vain := range conformVain {
		if p.health(of) == nil {
			return
		}
		p.rest(vain)
	}
	p.healthy(of)
}

// allAtOnce is for the race detector, most of all.
func (p *conformProbe[T]) allAtOnce() {
	texts := p.publish(40)
	source := p.open()
	txs := p.whatever(source, 20)
	ctx, cancel := context.WithCancel(p.ctx())
	fetch := p.beginFetch(ctx, source, 20)
	var calls []conformCall
	if e, ok := source.(ergon.Extender[T]); ok {
		calls = append(calls, p.begin("Extend", func() error { return e.Extend(p.ctx(), txs) }))
	}
	if c, ok := source.(ergon.Counter); ok {
		calls = append(calls, p.begin("Count", func() error { _, err := c.Count(p.ctx()); return err }))
	}
	if f, ok := source.(ergon.Finder[T]); ok {
		calls = append(calls, p.begin("Find", func() error { _, err := f.Find(p.ctx(), txs[0].ID()); return err }))
	}
	if h, ok := source.(ergon.HealthChecker); ok {
		calls = append(calls, p.begin("Health", func() error { return h.Health(p.ctx()) }))
	}
	for i := range txs {
		p.settle(source, ergon.Acked, txs[i])
	}
	cancel()
	got, _ := p.fetched(fetch)
	for _, c := range calls {
		_ = p.end(c) //nolint:errcheck // what is settled meanwhile may be lost or unknown
	}
	p.gather(source, conformMinus(conformMinus(texts, p.texts(txs)), p.texts(got)))
	p.stop(source)
}
