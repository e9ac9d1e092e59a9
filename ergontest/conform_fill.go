package ergontest

import (
	"context"
	"errors"
	"io"

	"github.com/ergon-go/ergon"
)

// conformTrialsOfFilling are about what Fill promises beyond Fetch. That it keeps
// the promises of Fetch too, all other tests see to, which call the two in turn.
func conformTrialsOfFilling[T any]() []conformTrial[T] {
	return []conformTrial[T]{
		{
			name: "fill: never more than there is room for", of: ableFill, run: (*conformProbe[T]).fillsTheRoom,
			promise: "Fill fetches up to len(txs) transactions into txs, returns how many, and writes to nothing else.",
		},
		{
			name: "fill: the same as Fetch", of: ableFill, run: (*conformProbe[T]).fillsTheSame,
			promise: "Fill does what Fetch does: what it fetches is the same, with its id, payload, metadata and receipt.",
		},
		{
			name: "fill: keeps no slice", of: ableFill, run: (*conformProbe[T]).fillsAndForgets,
			promise: "Fill keeps no slice: the caller puts something else into it as soon as it has returned.",
		},
		{
			name: "fill: not for another source", of: ableFill, run: (*conformProbe[T]).fillsForItself,
			promise: "Fill does nothing but return errors.ErrUnsupported where it is given another source, in which it may be embedded.",
		},
	}
}

// fill calls Fill once. It returns 0 where the source declines, since it is
// embedded itself.
func (p *conformProbe[T]) fill(source ergon.Source[T], txs []ergon.Transaction[T]) int {
	ctx, cancel := context.WithTimeout(p.ctx(), p.quiet())
	defer cancel()
	n := 0
	err := p.call("Fill", func() (err error) {
		n, err = source.(ergon.Filler[T]).Fill(ctx, source, txs)
		return err
	})
	p.unlessf(n >= 0 && n <= len(txs), "Fill returned %d with room for %d", n, len(txs))
	p.unlessf(err == nil || errors.Is(err, io.EOF) || conformOver(err) || n == 0 && errors.Is(err, errors.ErrUnsupported),
		"Fill with room for %d returned %d and: %v", len(txs), n, err)
	p.unlessf(!conformAnyBlank(txs[:n]), "Fill returned %d, and had not written as many", n)
	return n
}

func (p *conformProbe[T]) fillsTheRoom() {
	texts := p.publish(40)
	source := p.open()
	var got []ergon.Transaction[T]
	for _, room := range []int{1, 3, 0, 2, 10, 5} {
		memory := conformBlanks[T](room + 10)
		n := p.fill(source, memory[:room])
		p.unlessf(conformAllBlank(memory[room:]), "Fill with room for %d wrote to what stands behind it", room)
		got = append(got, memory[:n]...)
	}
	p.gather(source, conformMinus(texts, p.texts(got)))
	p.stop(source)
}

func (p *conformProbe[T]) fillsTheSame() {
	txs, texts := p.make(8)
	if p.able.has(ableMetadata) {
		for i := range txs {
			txs[i] = txs[i].WithMetadata(conformMetadata())
		}
	}
	p.rig.publish(p.t, txs...)
	source := p.open()
	fetched := map[string]string{} // ids, by text
	if p.able.has(ableSettle) || p.able.has(ableRewind) {
		p.asks.only = conformByFetch
		for _, tx := range p.gatherAt(source, texts, 3) {
			fetched[p.text(tx)] = tx.ID()
		}
		source = p.recover(source)
	}
	p.asks.only = conformByFill
	filled := p.gatherAt(source, texts, 3)
	for _, tx := range filled {
		p.sameAs(fetched, tx)
	}
	if p.able.has(ableSettle) {
		p.settle(source, ergon.Acked, filled...)
		p.none(source, "after everything was Acked")
	}
	p.stop(source)
}

// sameAs compares what came by Fill with the ids of what came by Fetch, and with
// what was published.
func (p *conformProbe[T]) sameAs(fetched map[string]string, tx ergon.Transaction[T]) {
	text := p.text(tx)
	id, before := fetched[text]
	p.unlessf(!before || !p.able.has(ableNames) || tx.ID() == id, "%s had the id %q by Fetch, and by Fill %q", conformShown(text), id, tx.ID())
	p.unlessf(!p.able.has(ableIDs) || tx.ID() == p.ids[text], "%s was published with the id %q, and came by Fill with %q",
		conformShown(text), p.ids[text], tx.ID())
	p.unlessf(!p.able.has(ableSettle) || tx.Receipt() != nil, "%s came by Fill without a receipt", conformShown(text))
	if p.able.has(ableMetadata) {
		p.sameMetadata(tx.Metadata())
	}
}

func (p *conformProbe[T]) fillsAndForgets() {
	texts := p.publish(15)
	source := p.open()
	memory := conformBlanks[T](4)
	var got []ergon.Transaction[T]
	for range 3 {
		n := p.fill(source, memory)
		got = append(got, memory[:n]...)
		conformBlank(memory)
		more, _ := p.fetch(source, 1)
		got = append(got, more...)
	}
	got = append(got, p.gather(source, conformMinus(texts, p.texts(got)))...)
	if p.able.has(ableSettle) {
		p.settle(source, ergon.Acked, got...)
	}
	p.stop(source)
	p.unlessf(conformAllBlank(memory), "something was written to the slice after Fill had returned")
}

// conformOther is another source than the one that is embedded in it.
type conformOther[T any] struct{ ergon.Source[T] }

func (p *conformProbe[T]) fillsForItself() {
	texts := p.publish(4)
	source := p.open()
	memory, n := conformBlanks[T](4), 0
	err := p.call("Fill", func() (err error) {
		n, err = source.(ergon.Filler[T]).Fill(p.ctx(), conformOther[T]{source}, memory)
		return err
	})
	p.unlessf(n == 0 && errors.Is(err, errors.ErrUnsupported), "Fill, given another source, returned %d and: %v", n, err)
	p.unlessf(conformAllBlank(memory), "Fill, given another source, wrote to the slice")
	p.gather(source, texts) // nothing was taken
	p.stop(source)
}
