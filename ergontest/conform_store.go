package ergontest

import (
	"context"
	"slices"
	"strings"

	"github.com/ergon-go/ergon"
)

// openSink opens the sink and starts it.
func (p *conformProbe[T]) openSink() ergon.Sink[T] {
	sink := p.rig.sink(p.t)
	p.start(sink)
	return sink
}

// dispatch stores transactions, which has to work.
func (p *conformProbe[T]) dispatch(sink ergon.Sink[T], txs ...ergon.Transaction[T]) {
	err := p.dispatching(p.ctx(), sink, txs)
	p.unlessf(err == nil, "Dispatch of %d: %v", len(txs), err)
}

// dispatching calls Dispatch.
func (p *conformProbe[T]) dispatching(ctx context.Context, sink ergon.Sink[T], txs []ergon.Transaction[T]) error {
	return p.call("Dispatch", func() error { return sink.Dispatch(ctx, txs) })
}

// stored returns the texts of what is in the place.
func (p *conformProbe[T]) stored() []string { return p.texts(p.rig.stored(p.t)) }

// complete stops a sink that shows what it has only then.
func (p *conformProbe[T]) complete(sink ergon.Sink[T]) {
	if p.able.has(ableReplace) {
		p.stop(sink)
	}
}

// holds checks that all of these are in the place, each once, and nothing else.
func (p *conformProbe[T]) holds(texts []string, when string) {
	got := p.stored()
	for _, text := range conformMinus(texts, got) {
		p.failf("%s is not there %s", conformShown(text), when)
	}
	for _, text := range conformMinus(got, texts) {
		p.failf("%s is there %s", conformShown(text), when)
	}
	p.unlessf(len(got) == len(texts), "%d are there, and not %d, %s", len(got), len(texts), when)
}

// holdsAtLeast checks that all of these are in the place.
func (p *conformProbe[T]) holdsAtLeast(texts []string, when string) {
	for _, text := range conformMinus(texts, p.stored()) {
		p.failf("%s is not there %s", conformShown(text), when)
	}
}

// inOrderOf checks the order of what is stored.
func (p *conformProbe[T]) inOrderOf(texts []string) {
	got := p.stored()
	p.unlessf(slices.Equal(got, texts), "dispatched in the order %s, stored in the order %s",
		strings.Join(texts, " "), strings.Join(got, " "))
}

// reported returns the texts that an error of Dispatch says are stored.
func (p *conformProbe[T]) reported(err error, txs []ergon.Transaction[T]) []string {
	if items, ok := err.(ergon.ItemErrors); ok { //nolint:errorlint // only as it is does it count
		p.unlessf(len(items) == len(txs), "ItemErrors has %d entries for %d transactions", len(items), len(txs))
	}
	errs := ergon.ItemErrorsOf(err, len(txs))
	var stored []string
	for i, tx := range txs {
		if errs == nil || errs[i] == nil {
			stored = append(stored, p.text(tx))
		}
	}
	return stored
}
