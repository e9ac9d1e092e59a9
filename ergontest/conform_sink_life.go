package ergontest

import (
	"context"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfSinkLife are about opening and closing a sink, what payloads it
// keeps, and what happens when much is stored or its system is away.
func conformTrialsOfSinkLife[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name:    "sink: opens and closes",
			promise: "A sink can be opened, started and stopped without ever being used.",
			run:     func(p *conformProbe[T]) { p.stop(p.openSink()); p.holds(nil, "though nothing was dispatched") },
		},
		{
			name: "sink: start after start", of: ableStart, run: (*conformProbe[T]).startsSinkTwice,
			promise: "Start after Start changes nothing: what was stored is there, and what comes is added.",
		},
		{
			name: "sink: stop after stop", of: ableStop, run: func(p *conformProbe[T]) { p.stopsTwice(p.openSink()); p.stop(p.rig.sink(p.t)) },
			promise: "Stop after Stop changes nothing, and neither does a Stop before any Start.",
		},
		{
			name: "sink: start after stop", of: ableStart | ableStop, run: (*conformProbe[T]).startsSinkAgain,
			promise: "Start after Stop works: a pipeline may be run again with the same sink.",
		},
		{
			name: "sink: dispatch after stop", of: ableStop, run: (*conformProbe[T]).dispatchesAfterStop,
			promise: "Dispatch after Stop is an error, and no panic; where it returns nil it has stored what it was given.",
		},
		{
			name: "sink: ten times fifty runs", run: (*conformProbe[T]).stressesSink,
			promise: "A sink can be opened, started and stopped any number of times.",
		},
		{
			name: "sink: what is not there", of: ableMiss, run: (*conformProbe[T]).sinkUnreachable,
			promise: "A sink that cannot be reached says so by the error of Start or of Dispatch, soon, and can be stopped.",
		},
		{
			name: "sink: health, well", of: ableHealth, run: func(p *conformProbe[T]) { s := p.openSink(); p.healthy(s); p.stop(s) },
			promise: "Health returns nil where the sink would work now.",
		},
		{
			name: "sink: health, away", of: ableHealth | ableDown, run: func(p *conformProbe[T]) { s := p.openSink(); p.healthAway(s); p.stop(s) },
			promise: "Health returns an error while the system is away, and nil when it is back.",
		},
		{
			name: "sink: outage", of: ableDown | ableSeenAtOnce, run: (*conformProbe[T]).dispatchesAway,
			promise: "While the system is away Dispatch returns an error for what it cannot store, in time; when it is back the same sink goes on.",
		},
		{
			name: "sink: many", run: (*conformProbe[T]).storesMany,
			promise: "However much is dispatched, in batches of any size, all of it is stored.",
		},
		{
			name: "sink: twenty restarts", of: ableDurable | ableSeenAtOnce, needs: needRestart, run: (*conformProbe[T]).storesThroughRestarts,
			promise: "What Dispatch returned nil for is there, however often the process is killed.",
		},
		{
			name: "sink: errors keep secrets", run: (*conformProbe[T]).sinkKeepsSecrets,
			promise: "An error names neither payloads nor credentials: it goes into logs.",
		},
	}
}

func (p *conformProbe[T]) startsSinkTwice() {
	sink := p.openSink()
	first, texts := p.make(2)
	p.dispatch(sink, first...)
	p.start(sink)
	second, more := p.make(2)
	p.dispatch(sink, second...)
	p.stop(sink)
	p.holds(append(texts, more...), "after Start, Dispatch, Start, Dispatch and Stop")
}

func (p *conformProbe[T]) startsSinkAgain() {
	sink := p.openSink()
	first, texts := p.make(2)
	p.dispatch(sink, first...)
	p.stop(sink)
	p.start(sink)
	second, more := p.make(2)
	p.dispatch(sink, second...)
	p.stop(sink)
	if p.able.has(ableReplace) {
		texts = nil
	}
	p.holds(append(texts, more...), "after two runs")
}

func (p *conformProbe[T]) dispatchesAfterStop() {
	sink := p.openSink()
	txs, texts := p.make(2)
	p.dispatch(sink, txs...)
	p.stop(sink)
	late, _ := p.make(2)
	stored := p.reported(p.dispatching(p.ctx(), sink, late), late)
	p.stop(sink)
	p.holdsAtLeast(append(texts, stored...), "though Dispatch returned nil for it")
}

func (p *conformProbe[T]) stressesSink() {
	var sink ergon.Sink[T]
	for range 10 {
		sink = p.openSink()
		for range 50 {
			p.stop(sink)
			p.start(sink)
		}
		p.stop(sink)
	}
	p.start(sink)
	txs, texts := p.make(3)
	p.dispatch(sink, txs...)
	p.stop(sink)
	p.holds(texts, "after five hundred runs with nothing and one with that")
}

func (p *conformProbe[T]) sinkUnreachable() {
	sink := p.rig.noSink(p.t)
	err := error(nil)
	if s, ok := sink.(ergon.Starter); ok {
		err = p.call("Start", func() error { return s.Start(p.ctx()) })
	}
	if err == nil {
		ctx, cancel := context.WithTimeout(p.ctx(), p.away())
		defer cancel()
		txs, _ := p.make(1)
		err = p.dispatching(ctx, sink, txs)
	}
	p.unlessf(err != nil && !conformOver(err), "neither Start nor Dispatch returned an error in time: %v", err)
	if s, ok := sink.(ergon.Stopper); ok {
		p.may("Stop", func() error { return s.Stop(p.ctx()) })
	}
}

func (p *conformProbe[T]) dispatchesAway() {
	sink := p.openSink()
	before, texts := p.make(3)
	p.dispatch(sink, before...)
	up := p.rig.down(p.t)
	txs, more := p.make(3)
	ctx, cancel := context.WithTimeout(p.ctx(), p.away())
	stored := p.reported(p.dispatching(ctx, sink, txs), txs)
	cancel()
	up()
	p.holdsAtLeast(append(stored, texts...), "though Dispatch returned nil for it")
	for vain := 0; vain < conformVain && p.dispatching(p.ctx(), sink, txs) != nil; vain++ {
		p.rest(vain)
	}
	p.dispatch(sink, txs...)
	p.stop(sink)
	p.holdsAtLeast(append(texts, more...), "after the system was back and it was handed over again")
}

func (p *conformProbe[T]) storesMany() {
	sink := p.openSink()
	var all []string
	for left := p.traits.messages(); left > 0; {
		txs, texts := p.make(min(1+p.random.IntN(200), left))
		p.dispatch(sink, txs...)
		all = append(all, texts...)
		left -= len(txs)
	}
	p.stop(sink)
	p.holds(all, "after all was dispatched")
}

func (p *conformProbe[T]) storesThroughRestarts() {
	var all []string
	for range 20 {
		sink := p.openSink()
		for range 3 {
			txs, texts := p.make(1 + p.random.IntN(20))
			p.dispatch(sink, txs...)
			all = append(all, texts...)
		}
		p.rig.restart(p.t)
	}
	p.stop(p.openSink())
	p.holds(all, "after the process was killed twenty times")
}

func (p *conformProbe[T]) sinkKeepsSecrets() {
	sink := p.openSink()
	ctx, cancel := context.WithCancel(p.ctx())
	cancel()
	txs, _ := p.make(1)
	if _, ok := p.rig.payload(conformCanary); ok {
		txs = append(txs, p.tx(conformCanary), p.tx(conformCanary).WithID(""))
	}
	p.may("Dispatch", func() error { return sink.Dispatch(ctx, txs) })
	p.may("Dispatch", func() error { return sink.Dispatch(p.ctx(), append(txs, p.rig.refused...)) })
	if s, ok := sink.(ergon.Stopper); ok {
		p.may("Stop", func() error { return s.Stop(p.ctx()) })
	}
	p.may("Dispatch", func() error { return sink.Dispatch(p.ctx(), txs) })
	if s, ok := sink.(ergon.Stopper); ok {
		p.may("Stop", func() error { return s.Stop(p.ctx()) })
	}
	if p.rig.noSink != nil {
		p.sinkUnreachable()
	}
}
