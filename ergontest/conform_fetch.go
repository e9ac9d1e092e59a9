package ergontest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfFetch are about what is handed out, and when Fetch returns.
func conformTrialsOfFetch[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "fetch: everything, once", run: (*conformProbe[T]).everythingOnce,
			promise: "Everything that was published is handed out, and nothing that is out is handed out again.",
		},
		{
			name: "fetch: never more than asked for", run: (*conformProbe[T]).neverMore,
			promise: "Fetch returns up to max transactions, whatever max is.",
		},
		{
			name: "fetch: none when asked for none", run: (*conformProbe[T]).noneForNone,
			promise: "Fetch with a max of 0 or less returns nothing, and takes nothing.",
		},
		{
			name: "fetch: nothing there", run: func(p *conformProbe[T]) { s := p.open(); p.none(s, "though nothing was published"); p.stop(s) },
			promise: "Fetch of an empty source returns no transactions, and no error but io.EOF and that of its context.",
		},
		{
			name: "fetch: waits", of: ableWait, run: (*conformProbe[T]).waits,
			promise: "Traits.Waits: a Fetch with nothing to hand out returns when its context ends, and not before.",
		},
		{
			name: "fetch: wakes", of: ableWait | ableLive, run: (*conformProbe[T]).wakes,
			promise: "Traits.Waits: a Fetch that waits returns when there is something.",
		},
		{
			name: "fetch: what comes later", of: ableLive, run: (*conformProbe[T]).comesLater,
			promise: "An open source hands out what is published after a Fetch that found nothing.",
		},
		{
			name: "fetch: cancelled before", run: (*conformProbe[T]).cancelledBefore,
			promise: "Fetch returns promptly where its context has ended, and what it took is among what it returns.",
		},
		{
			name: "fetch: cancelled while it waits", of: ableWait, run: (*conformProbe[T]).cancelledWaiting,
			promise: "Fetch returns promptly when its context ends.",
		},
		{
			name: "fetch: cancelled as something comes", of: ableWait | ableLive, run: (*conformProbe[T]).cancelledTaking,
			promise: "A Fetch whose context ends returns whatever it has taken by then: nothing is lost between the two.",
		},
		{
			name: "fetch: in order", of: ableOrder, run: (*conformProbe[T]).inOrder,
			promise: "Traits.Order: things are handed out in the order in which they were published.",
		},
		{
			name: "fetch: the end", of: ableEnd, run: (*conformProbe[T]).theEnd,
			promise: "Traits.Ends: once everything was handed out and settled, Fetch returns io.EOF, however often it is asked.",
		},
		{
			name: "fetch: no end too soon", of: ableSettle, run: (*conformProbe[T]).noEndTooSoon,
			promise: "io.EOF means never again: a source that settles does not return it while something is out that may come again.",
		},
		{
			name: "fetch: from the beginning", of: ableRewind | ableStart | ableStop, run: (*conformProbe[T]).fromTheBeginning,
			promise: "Traits.Rewinds: a new run begins with the first transaction, and the same has the same id.",
		},
		{
			name: "fetch: at most so many in flight", of: ableBound, run: (*conformProbe[T]).prefetch,
			promise: "Prefetch returns the same at any time, 0 for no bound, and never less.",
		},
	}
}

func (p *conformProbe[T]) everythingOnce() {
	texts := p.publish(50)
	source := p.open()
	p.gatherAt(source, texts, 7)
	p.none(source, "again while it was out")
	p.stop(source)
}

func (p *conformProbe[T]) neverMore() {
	texts := p.publish(60)
	source := p.open()
	var got []string
	for _, most := range []int{1, 2, 3, 10, 1, 7} {
		txs, _ := p.fetchSome(source, most) // every Fetch looks at how much it got
		got = append(got, p.texts(txs)...)
	}
	p.gatherAt(source, conformMinus(texts, got), 1000)
	p.stop(source)
}

func (p *conformProbe[T]) noneForNone() {
	texts := p.publish(3)
	source := p.open()
	p.rough = true // it may say that this is nonsense
	for _, n := range []int{0, -1} {
		txs, _ := p.fetch(source, n)
		p.unlessf(len(txs) == 0, "Fetch(%d) returned %d transactions", n, len(txs))
	}
	p.rough = false
	p.gather(source, texts)
	p.stop(source)
}

func (p *conformProbe[T]) waits() {
	source := p.open()
	ctx, cancel := context.WithTimeout(p.ctx(), p.quiet())
	defer cancel()
	txs, _ := p.fetched(p.beginFetch(ctx, source, 1))
	p.unlessf(len(txs) == 0, "%d transactions of an empty source", len(txs))
	p.unlessf(ctx.Err() != nil, "Fetch returned while its context went on, with nothing")
	p.stop(source)
}

func (p *conformProbe[T]) wakes() {
	source := p.open()
	fetch := p.beginFetch(p.ctx(), source, 10)
	p.letOthersWork()
	texts := p.publish(1)
	txs, _ := p.fetched(fetch)
	p.unlessf(slices.Equal(p.texts(txs), texts), "published %q, and Fetch returned %q", texts, p.texts(txs))
	p.stop(source)
}

func (p *conformProbe[T]) comesLater() {
	source := p.open()
	p.none(source, "though nothing was published")
	for range 3 {
		p.gather(source, p.publish(2))
	}
	p.stop(source)
}

// promptly is how long a Fetch may go on after its context.
func (p *conformProbe[T]) promptly() time.Duration {
	if p.traits.RealTime {
		return p.patience()
	}
	return 100 * time.Millisecond
}

func (p *conformProbe[T]) cancelledBefore() {
	texts := p.publish(5)
	source := p.open()
	ctx, cancel := context.WithCancel(p.ctx())
	cancel()
	txs, _ := p.fetchedWithin(p.beginFetch(ctx, source, 2), p.promptly())
	p.gather(source, conformMinus(texts, p.texts(txs)))
	p.stop(source)
}

func (p *conformProbe[T]) cancelledWaiting() {
	source := p.open()
	ctx, cancel := context.WithCancel(p.ctx())
	defer cancel()
	fetch := p.beginFetch(ctx, source, 2)
	p.letOthersWork()
	cancel()
	txs, _ := p.fetchedWithin(fetch, p.promptly())
	p.unlessf(len(txs) == 0, "%d transactions of an empty source", len(txs))
	if p.able.has(ableLive) {
		p.gather(source, p.publish(2))
	}
	p.stop(source)
}

func (p *conformProbe[T]) cancelledTaking() {
	source := p.open()
	var texts, got []string
	for range 50 {
		ctx, cancel := context.WithCancel(p.ctx())
		fetch := p.beginFetch(ctx, source, 2)
		if p.random.IntN(2) == 0 {
			p.letOthersWork()
		}
		cancelling := p.begin("cancel", func() error { cancel(); return nil })
		texts = append(texts, p.publish(1)...)
		_ = p.end(cancelling) //nolint:errcheck // it has none
		txs, _ := p.fetched(fetch)
		got = append(got, p.texts(txs)...)
	}
	p.gather(source, conformMinus(texts, got))
	p.stop(source)
}

func (p *conformProbe[T]) inOrder() {
	texts := p.publish(30)
	source := p.open()
	got := p.texts(p.gatherAt(source, texts, 4))
	p.unlessf(slices.Equal(got, texts), "published in the order %s, handed out in the order %s",
		strings.Join(texts, " "), strings.Join(got, " "))
	p.stop(source)
}

func (p *conformProbe[T]) theEnd() {
	texts := p.publish(5)
	source := p.open()
	txs := p.gather(source, texts)
	if p.able.has(ableSettle) {
		p.settle(source, ergon.Acked, txs...)
	}
	for range 3 {
		txs, ended := p.fetch(source, 1)
		p.unlessf(ended && len(txs) == 0, "Fetch returned %d transactions, and not io.EOF", len(txs))
	}
	p.stop(source)
}

func (p *conformProbe[T]) noEndTooSoon() {
	texts := p.publish(3)
	source := p.open()
	txs := p.gather(source, texts)
	for len(txs) > 0 {
		for range 2 {
			more, ended := p.fetch(source, 1)
			p.unlessf(len(more) == 0, "%d transactions, though all were out", len(more))
			p.unlessf(!ended, "Fetch returned io.EOF while %d were out", len(txs))
		}
		p.settle(source, ergon.Acked, txs[0])
		txs = txs[1:]
	}
	p.stop(source)
}

func (p *conformProbe[T]) fromTheBeginning() {
	texts := p.publish(6)
	source := p.open()
	ids := map[string]string{}
	for _, tx := range p.whatever(source, 4) {
		ids[p.text(tx)] = tx.ID()
	}
	p.stop(source)
	p.start(source)
	for _, tx := range p.gather(source, texts) {
		id, before := ids[p.text(tx)]
		p.unlessf(!before || tx.ID() == id, "%s had the id %q, and in the next run %q", conformShown(p.text(tx)), id, tx.ID())
	}
	p.stop(source)
}

func (p *conformProbe[T]) prefetch() {
	source := p.open()
	bound := source.(ergon.Prefetcher)
	before := bound.Prefetch()
	p.publish(3)
	p.unlessf(before >= 0 && bound.Prefetch() == before, "Prefetch returned %d, then %d", before, bound.Prefetch())
	p.stop(source)
}
