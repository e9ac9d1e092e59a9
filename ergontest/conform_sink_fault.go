package ergontest

import (
	"context"

	"github.com/ergon-go/ergon"
)

// refusals tries batches with something in each that the sink refuses.
func (p *conformProbe[T]) refusals(try func(batch []ergon.Transaction[T], refused int)) {
	for _, bad := range p.rig.refused {
		for at := range 3 {
			txs, _ := p.make(3)
			txs[at] = bad
			try(txs, at)
		}
		try([]ergon.Transaction[T]{bad}, 0)
	}
}

func (p *conformProbe[T]) refusesByIndex() {
	sink := p.openSink()
	var all []string
	p.refusals(func(batch []ergon.Transaction[T], refused int) {
		err := p.dispatching(p.ctx(), sink, batch)
		stored := p.reported(err, batch)
		p.unlessf(err != nil, "Dispatch of what is refused returned nil")
		p.unlessf(len(stored) == len(batch)-1, "of %d, the one at %d is refused: %d are reported as stored (%v)", len(batch), refused, len(stored), err)
		p.unlessf(ergon.ItemErrorsOf(err, len(batch))[refused] != nil, "the one at %d is refused, and another is reported", refused)
		all = append(all, stored...)
	})
	p.stop(sink)
	p.holds(all, "after batches with one each that is refused")
}

func (p *conformProbe[T]) refusesForGood() {
	sink := p.openSink()
	p.refusals(func(batch []ergon.Transaction[T], refused int) {
		errs := ergon.ItemErrorsOf(p.dispatching(p.ctx(), sink, batch), len(batch))
		p.unlessf(errs != nil, "Dispatch of what is refused returned nil")
		how, _ := ergon.SteeringOf(errs[refused])
		p.unlessf(how == ergon.SteerBusiness || how == ergon.SteerPermanent || how == ergon.SteerDeadLetter,
			"the error of what is refused asks for %v: %v", how, errs[refused])
	})
	p.may("Stop", func() error { p.complete(sink); return nil })
}

func (p *conformProbe[T]) allOrNone() {
	sink := p.openSink()
	p.refusals(func(batch []ergon.Transaction[T], _ int) {
		err := p.dispatching(p.ctx(), sink, batch)
		stored := p.reported(err, batch)
		p.unlessf(len(stored) == 0, "one of %d is refused, and %d are reported as stored", len(batch), len(stored))
	})
	p.stop(sink)
	p.holds(nil, "after batches with one each that is refused")
}

func (p *conformProbe[T]) dispatchCancelled() {
	sink := p.openSink()
	ctx, cancel := context.WithCancel(p.ctx())
	cancel()
	txs, _ := p.make(3)
	call := p.begin("Dispatch", func() error { return sink.Dispatch(ctx, txs) })
	stored := p.reported(p.endWithin(call, p.promptly()), txs)
	p.holdsAtLeast(stored, "though Dispatch returned nil for it")
	p.dispatch(sink, txs...)
	p.holdsAtLeast(p.texts(txs), "after it was handed over again")
	p.stop(sink)
}

func (p *conformProbe[T]) dispatchInterrupted() {
	sink := p.openSink()
	for range 20 {
		ctx, cancel := context.WithCancel(p.ctx())
		txs, _ := p.make(20)
		call := p.begin("Dispatch", func() error { return sink.Dispatch(ctx, txs) })
		if p.random.IntN(2) == 0 {
			p.letOthersWork()
		}
		cancel()
		p.holdsAtLeast(p.reported(p.end(call), txs), "though Dispatch returned nil for it")
		p.dispatch(sink, txs...)
		p.holdsAtLeast(p.texts(txs), "after it was handed over again")
	}
	p.stop(sink)
}

func (p *conformProbe[T]) dispatchesAtOnce() {
	sink := p.openSink()
	var calls []conformCall
	var all []string
	for range 8 {
		txs, texts := p.make(20)
		all = append(all, texts...)
		calls = append(calls, p.begin("Dispatch", func() error {
			for _, tx := range txs {
				if err := sink.Dispatch(p.ctx(), []ergon.Transaction[T]{tx}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for _, c := range calls {
		err := p.end(c)
		p.unlessf(err == nil, "Dispatch: %v", err)
	}
	p.stop(sink)
	p.holds(all, "after 8 have dispatched 20 each")
}
