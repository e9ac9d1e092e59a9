package ergontest

import (
	"context"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfLife are about opening and closing a source.
func conformTrialsOfLife[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name:    "life: opens and closes",
			promise: "A source can be opened, started and stopped without ever being used.",
			run:     func(p *conformProbe[T]) { p.stop(p.open()) },
		},
		{
			name: "life: leaves nothing behind", run: (*conformProbe[T]).leavesNothing,
			promise: "Once a source is stopped, no goroutine of it goes on, even if something was never settled.",
		},
		{
			name: "life: start after start", of: ableStart, run: (*conformProbe[T]).startsTwice,
			promise: "Start after Start changes nothing: what is out stays out, and what is left comes next.",
		},
		{
			name: "life: stop after stop", of: ableStop, run: func(p *conformProbe[T]) { p.stopsTwice(p.open()) },
			promise: "Stop after Stop changes nothing, and neither does a Stop before any Start.",
		},
		{
			name: "life: start after stop", of: ableStart | ableStop, run: (*conformProbe[T]).startsAgain,
			promise: "Start after Stop works: a pipeline may be run again with the same source.",
		},
		{
			name: "life: stop during Fetch", of: ableStop | ableWait, run: (*conformProbe[T]).stopsDuringFetch,
			promise: "Stop neither waits for ever for a Fetch that waits, nor makes it panic: once its context ends, both have returned.",
		},
		{
			name: "life: used after stop", of: ableStop, run: (*conformProbe[T]).usedAfterStop,
			promise: "A source that is used after Stop answers, with an error or without: it does not panic, and does not hang.",
		},
		{
			name: "life: ten times fifty runs", run: (*conformProbe[T]).stressed,
			promise: "A source can be opened, started and stopped any number of times.",
		},
		{
			name: "life: what is not there", of: ableMiss, run: (*conformProbe[T]).sourceUnreachable,
			promise: "A source that cannot be reached says so by the error of Start or of Fetch, soon, and can be stopped.",
		},
	}
}

func (p *conformProbe[T]) leavesNothing() {
	texts := p.publish(10)
	source := p.open()
	txs := p.gather(source, texts)
	if p.able.has(ableSettle) {
		p.settle(source, ergon.Acked, txs[:5]...)
	}
	p.none(source, "again though nothing had happened")
	p.stop(source)
}

func (p *conformProbe[T]) startsTwice() {
	texts := p.publish(6)
	source := p.open()
	first, _ := p.fetchSome(source, 3)
	p.start(source)
	p.gather(source, conformMinus(texts, p.texts(first)))
	p.stop(source)
}

// fetchSome fetches until there is something.
func (p *conformProbe[T]) fetchSome(source ergon.Source[T], max int) (txs []ergon.Transaction[T], ended bool) {
	for vain := range conformVain {
		if txs, ended = p.fetch(source, max); len(txs) > 0 {
			return txs, ended
		}
		p.rest(vain)
	}
	p.failf("nothing was handed out in %d fetches", conformVain)
	return nil, false
}

func (p *conformProbe[T]) stopsTwice(of any) {
	p.stop(of)
	p.stop(of)
}

func (p *conformProbe[T]) startsAgain() {
	texts := p.publish(4)
	source := p.open()
	p.stop(source)
	p.start(source)
	txs := p.gather(source, texts)
	if p.able.has(ableSettle) {
		p.settle(source, ergon.Acked, txs...)
	}
	p.stop(source)
}

func (p *conformProbe[T]) stopsDuringFetch() {
	source := p.open()
	ctx, cancel := context.WithCancel(p.ctx())
	defer cancel()
	fetch := p.beginFetch(ctx, source, 1)
	p.letOthersWork()
	stopping, done := context.WithTimeout(p.ctx(), p.patience()/4)
	defer done()
	stop := p.begin("Stop", func() error { return source.(ergon.Stopper).Stop(stopping) })
	p.letOthersWork()
	cancel()
	p.rough = true // a Fetch that Stop ends may say so
	p.fetched(fetch)
	_ = p.end(stop) //nolint:errcheck // it may complain
}

func (p *conformProbe[T]) usedAfterStop() {
	texts := p.publish(3)
	source := p.open()
	txs := p.gather(source, texts)
	p.stop(source)
	p.rough = true
	p.fetch(source, 1)
	if p.able.has(ableSettle) {
		_ = p.settling(source, conformSettlements(ergon.Acked, 0, txs)) //nolint:errcheck // either answer will do
	}
	if e, ok := source.(ergon.Extender[T]); ok {
		p.may("Extend", func() error { return e.Extend(p.ctx(), txs) })
	}
	if c, ok := source.(ergon.Counter); ok {
		p.may("Count", func() error { _, err := c.Count(p.ctx()); return err })
	}
	if h, ok := source.(ergon.HealthChecker); ok {
		p.may("Health", func() error { return h.Health(p.ctx()) })
	}
	p.stop(source)
}

func (p *conformProbe[T]) stressed() {
	texts := p.publish(5)
	for range 10 {
		source := p.open()
		for range 50 {
			p.stop(source)
			p.start(source)
		}
		p.stop(source)
	}
	source := p.recover(p.open())
	p.gather(source, texts)
	p.stop(source)
}

func (p *conformProbe[T]) sourceUnreachable() {
	source := p.rig.noSource(p.t)
	err := error(nil)
	if s, ok := source.(ergon.Starter); ok {
		err = p.call("Start", func() error { return s.Start(p.ctx()) })
	}
	if err == nil {
		ctx, cancel := context.WithTimeout(p.ctx(), p.away())
		defer cancel()
		fetch := p.beginFetch(ctx, source, 1)
		err = p.end(fetch.conformCall)
	}
	p.unlessf(err != nil && !conformOver(err), "neither Start nor Fetch returned an error in time: %v", err)
	if s, ok := source.(ergon.Stopper); ok {
		p.may("Stop", func() error { return s.Stop(p.ctx()) })
	}
}
