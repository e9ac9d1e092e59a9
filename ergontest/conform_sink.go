package ergontest

import (
	"github.com/ergon-go/ergon"
)

// conformTrialsOfDispatch are about what is stored, and when.
func conformTrialsOfDispatch[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "sink: everything, once", run: (*conformProbe[T]).storesEverything,
			promise: "What Dispatch returns nil for is stored, each once, whatever the size of the batch.",
		},
		{
			name: "sink: stored when it returns", of: ableSeenAtOnce, run: (*conformProbe[T]).storesAtOnce,
			promise: "When Dispatch returns nil everything is stored, not only promised: it can be seen from outside.",
		},
		{
			name: "sink: survives a restart", of: ableDurable | ableSeenAtOnce, needs: needRestart, run: (*conformProbe[T]).survives,
			promise: "Traits.Durable: what Dispatch returned nil for is there after the process was killed.",
		},
		{
			name: "sink: adds to what is there", of: ableSeenAtOnce, run: (*conformProbe[T]).adds,
			promise: "A sink that is opened again adds to what is there.",
		},
		{
			name: "sink: in order", of: ableOrder, run: (*conformProbe[T]).storesInOrder,
			promise: "Traits.Order: things are stored in the order in which they were dispatched.",
		},
		{
			name: "sink: nothing", run: (*conformProbe[T]).storesNothing,
			promise: "Dispatch of nothing stores nothing and is no error.",
		},
		{
			name: "sink: keeps no slice", run: (*conformProbe[T]).keepsNoSlice,
			promise: "Dispatch does not keep the slice: it belongs to the caller, who uses it again.",
		},
		{
			name: "sink: leaves the slice alone", run: (*conformProbe[T]).leavesSliceAlone,
			promise: "Dispatch does not write to the slice it is given: what failed is handed over again from there.",
		},
		{
			name: "sink: the same id once", of: ableKnowIDs, run: (*conformProbe[T]).knowsIDs,
			promise: "What is dispatched again, in the same batch too, is stored once; a sink that cannot tell declares Traits.Duplicates.",
		},
		{
			name: "sink: the same id once, after a restart", of: ableKnowIDs | ableDurable | ableSeenAtOnce, needs: needRestart, run: (*conformProbe[T]).knowsIDsAgain,
			promise: "What is dispatched again after a restart is stored once: that is when it happens.",
		},
		{
			name: "sink: the same id twice", of: ableDuplicate, run: (*conformProbe[T]).keepsDuplicates,
			promise: "Traits.Duplicates: what is dispatched twice is stored twice, and the second time is no error.",
		},
		{
			name: "sink: refused by index", of: ableRefuse | ablePart, run: (*conformProbe[T]).refusesByIndex,
			promise: "Where part of a batch cannot be stored, ItemErrors has an entry for each: the others are stored.",
		},
		{
			name: "sink: refused for good", of: ableRefuse, run: (*conformProbe[T]).refusesForGood,
			promise: "What can never be stored is a Business or Permanent error: anything else is tried again without end.",
		},
		{
			name: "sink: all or none", of: ableRefuse | ableAtomic, run: (*conformProbe[T]).allOrNone,
			promise: "Traits.Atomic: where one of a batch cannot be stored, none is.",
		},
		{
			name: "sink: cancelled before", of: ableSeenAtOnce, run: (*conformProbe[T]).dispatchCancelled,
			promise: "Dispatch whose context has ended returns promptly, and has stored what it returns nil for.",
		},
		{
			name: "sink: cancelled meanwhile", of: ableSeenAtOnce, run: (*conformProbe[T]).dispatchInterrupted,
			promise: "Dispatch whose context ends returns, has stored what it returns nil for, and takes the rest when it is handed over again.",
		},
		{
			name: "sink: by several at once", of: ableConcurrent, run: (*conformProbe[T]).dispatchesAtOnce,
			promise: "Traits.Concurrent: Dispatch may be called by several goroutines, and loses nothing.",
		},
	}
}

func (p *conformProbe[T]) storesEverything() {
	sink := p.openSink()
	var all []string
	for _, n := range []int{1, 2, 30, 1, 100} {
		txs, texts := p.make(n)
		p.dispatch(sink, txs...)
		all = append(all, texts...)
	}
	p.stop(sink)
	p.holds(all, "after Dispatch and Stop")
}

func (p *conformProbe[T]) storesAtOnce() {
	sink := p.openSink()
	var all []string
	for range 5 {
		txs, texts := p.make(3)
		p.dispatch(sink, txs...)
		all = append(all, texts...)
		p.holds(all, "when Dispatch has returned nil")
	}
	p.stop(sink)
}

func (p *conformProbe[T]) survives() {
	var all []string
	for range 3 {
		sink := p.openSink()
		txs, texts := p.make(4)
		p.dispatch(sink, txs...)
		all = append(all, texts...)
		p.rig.restart(p.t) // without Stop
		p.holds(all, "after the process was killed")
	}
	p.stop(p.openSink())
	p.holds(all, "after the sink was opened again")
}

func (p *conformProbe[T]) adds() {
	var all []string
	for range 3 {
		sink := p.openSink()
		txs, texts := p.make(4)
		p.dispatch(sink, txs...)
		all = append(all, texts...)
		p.stop(sink)
		p.holds(all, "after the sink was stopped")
	}
}

func (p *conformProbe[T]) storesInOrder() {
	sink := p.openSink()
	var all []string
	for n := range 8 {
		txs, texts := p.make(n)
		if n > 0 {
			p.dispatch(sink, txs...)
		}
		all = append(all, texts...)
	}
	p.stop(sink)
	p.inOrderOf(all)
}

func (p *conformProbe[T]) storesNothing() {
	sink := p.openSink()
	p.dispatch(sink)
	p.dispatch(sink, []ergon.Transaction[T]{}...)
	txs, texts := p.make(1)
	p.dispatch(sink, txs...)
	p.stop(sink)
	p.holds(texts, "after a Dispatch of nothing and of that")
}

func (p *conformProbe[T]) keepsNoSlice() {
	sink := p.openSink()
	var all []string
	batch := make([]ergon.Transaction[T], 4)
	for range 5 {
		txs, texts := p.make(4)
		copy(batch, txs)
		p.dispatch(sink, batch...)
		all = append(all, texts...)
		clear(batch)
	}
	p.stop(sink)
	p.holds(all, "when the caller has used the slice for others")
}

func (p *conformProbe[T]) leavesSliceAlone() {
	sink := p.openSink()
	txs, texts := p.make(5)
	if len(p.rig.refused) > 0 {
		txs[2] = p.rig.refused[0]
		texts[2] = p.text(txs[2])
	}
	ids := idsOf(txs)
	p.may("Dispatch", func() error { return sink.Dispatch(p.ctx(), txs) })
	for i, tx := range txs {
		p.unlessf(tx.ID() == ids[i] && p.text(tx) == texts[i], "after Dispatch, element %d of its slice is another one", i)
	}
	p.may("Stop", func() error { p.complete(sink); return nil })
}

func (p *conformProbe[T]) knowsIDs() {
	sink := p.openSink()
	txs, texts := p.make(3)
	p.dispatch(sink, txs...)
	p.dispatch(sink, txs[1:]...)
	p.dispatch(sink, txs[0], txs[0])
	more, others := p.make(1)
	p.dispatch(sink, more[0], txs[2], more[0])
	p.stop(sink)
	p.holds(append(texts, others...), "after some were dispatched again")
}

func (p *conformProbe[T]) knowsIDsAgain() {
	txs, texts := p.make(3)
	p.dispatch(p.openSink(), txs...)
	p.rig.restart(p.t)
	sink := p.openSink()
	p.dispatch(sink, txs[1:]...)
	p.stop(sink)
	p.holds(texts, "after some were dispatched again")
}

func (p *conformProbe[T]) keepsDuplicates() {
	sink := p.openSink()
	txs, texts := p.make(2)
	p.dispatch(sink, txs...)
	p.dispatch(sink, txs[1])
	p.stop(sink)
	got := p.stored()
	p.unlessf(len(got) == 3 && len(conformMinus(texts, got)) == 0, "2 and again 1 were dispatched, and %d are there", len(got))
}
