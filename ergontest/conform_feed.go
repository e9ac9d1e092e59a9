package ergontest

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/ergon-go/ergon"
)

// publish puts n transactions where the source finds them, and returns their
// texts.
func (p *conformProbe[T]) publish(n int) []string {
	txs, texts := p.make(n)
	p.rig.publish(p.t, txs...)
	return texts
}

// make returns n transactions that there were not yet, and their texts.
func (p *conformProbe[T]) make(n int) ([]ergon.Transaction[T], []string) {
	txs, texts := make([]ergon.Transaction[T], n), make([]string, n)
	for i := range txs {
		texts[i] = strconv.Itoa(len(p.made))
		txs[i] = p.tx(texts[i])
	}
	return txs, texts
}

// tx returns a transaction of a text, with an id of its own.
func (p *conformProbe[T]) tx(text string) ergon.Transaction[T] {
	payload, ok := p.rig.payload(text)
	p.unlessf(ok, "Payload makes no payload of the text %s", conformShown(text))
	id := "conform:" + strconv.Itoa(len(p.made))
	p.made, p.ids[text] = append(p.made, text), id
	return ergon.NewTransaction(id, payload)
}

func (p *conformProbe[T]) text(tx ergon.Transaction[T]) string { return p.rig.text(tx.Payload()) }

func (p *conformProbe[T]) texts(txs []ergon.Transaction[T]) []string {
	texts := make([]string, len(txs))
	for i, tx := range txs {
		texts[i] = p.text(tx)
	}
	return texts
}

// open opens the source and starts it.
func (p *conformProbe[T]) open() ergon.Source[T] {
	source := p.rig.source(p.t)
	p.start(source)
	return source
}

// start starts what can be started.
func (p *conformProbe[T]) start(of any) {
	if s, ok := of.(ergon.Starter); ok {
		p.must("Start", func() error { return s.Start(p.ctx()) })
	}
}

// stop stops what can be stopped.
func (p *conformProbe[T]) stop(of any) {
	if s, ok := of.(ergon.Stopper); ok {
		p.must("Stop", func() error { return s.Stop(p.ctx()) })
	}
}

// reopen stops the source, ends the process where there is something durable, and
// opens the source again.
func (p *conformProbe[T]) reopen(source ergon.Source[T]) ergon.Source[T] {
	p.stop(source)
	if p.rig.restart != nil {
		p.rig.restart(p.t)
	}
	return p.open()
}

// recover opens the source again, and waits until everything comes again that was
// handed out and not settled.
func (p *conformProbe[T]) recover(source ergon.Source[T]) ergon.Source[T] {
	source = p.reopen(source)
	p.pass(p.lease)
	return source
}

// fetch calls Fetch once, or Fill, and reports whether the source is at its end. It gives
// it up to the quiet time.
func (p *conformProbe[T]) fetch(source ergon.Source[T], max int) (txs []ergon.Transaction[T], ended bool) {
	ctx, cancel := context.WithTimeout(p.ctx(), p.quiet())
	defer cancel()
	return p.fetched(p.beginFetch(ctx, source, max))
}

// fetched waits for a Fetch.
func (p *conformProbe[T]) fetched(f conformFetch[T]) (txs []ergon.Transaction[T], ended bool) {
	return p.fetchedWithin(f, p.patience())
}

func (p *conformProbe[T]) fetchedWithin(f conformFetch[T], d time.Duration) (txs []ergon.Transaction[T], ended bool) {
	err := p.endWithin(f.conformCall, d)
	txs = f.got.txs
	p.unlessf(f.got.n >= 0 && f.got.n <= max(f.max, 0), "%s returned %d transactions", f.what, f.got.n)
	p.unlessf(!conformAnyBlank(txs), "%s returned %d transactions, and had not written as many", f.what, f.got.n)
	ended = errors.Is(err, io.EOF)
	p.unlessf(err == nil || ended || conformOver(err) || p.rough, "%s: %v", f.what, err)
	return txs, ended
}

// conformVain is how many fetches in a row may get nothing while something is still
// to come.
const conformVain = 40

// rest waits before another fetch, after so many in vain.
func (p *conformProbe[T]) rest(vain int) {
	time.Sleep(min(time.Millisecond<<min(vain, 20), 50*time.Millisecond))
}

// gather fetches until all of these have come, and nothing else. What comes twice
// is a fault too, but of a partitioned log.
func (p *conformProbe[T]) gather(source ergon.Source[T], texts []string) []ergon.Transaction[T] {
	return p.gatherAt(source, texts, 100)
}

// gatherAt is gather with at most so many at a time.
func (p *conformProbe[T]) gatherAt(source ergon.Source[T], texts []string, most int) []ergon.Transaction[T] {
	left := make(map[string]bool, len(texts))
	for _, text := range texts {
		left[text] = true
	}
	var got []ergon.Transaction[T]
	for vain, idle := 0, 0; len(left) > 0; {
		txs, ended := p.fetch(source, min(most, len(left)))
		before := len(left)
		for _, tx := range txs {
			text := p.text(tx)
			p.unlessf(left[text] || p.lenient(), "%s was handed out, which should not have been", conformShown(text))
			if left[text] {
				got = append(got, tx)
			}
			delete(left, text)
		}
		if vain, idle = vain+1, idle+1; len(left) < before {
			vain, idle = 0, 0
			continue
		}
		p.unlessf(!ended || p.rough, "Fetch returned io.EOF while %s was still to come", conformLeft(texts, left))
		if len(txs) > 0 {
			vain = 0
		}
		p.unlessf(vain < conformVain && idle < conformVain+len(p.made), "%d of %d came and no more: %s is missing",
			len(texts)-len(left), len(texts), conformLeft(texts, left))
		p.rest(vain)
	}
	return got
}

// lenient reports whether things may come more often than they have to.
func (p *conformProbe[T]) lenient() bool { return p.rough || p.able.has(ablePartition) }

// conformLeft is the first text that is left.
func conformLeft(texts []string, left map[string]bool) string {
	for _, text := range texts {
		if left[text] {
			return conformShown(text)
		}
	}
	return "nothing"
}

// conformShown is a text, as part of a message.
func conformShown(text string) string {
	if len(text) > 40 {
		return strconv.Quote(text[:40]) + "… of " + strconv.Itoa(len(text)) + " bytes"
	}
	return strconv.Quote(text)
}

// none fetches, and wants nothing.
func (p *conformProbe[T]) none(source ergon.Source[T], when string) {
	for vain := range 3 {
		txs, ended := p.fetch(source, 100)
		if len(txs) > 0 {
			p.failf("%s was handed out %s", conformShown(p.text(txs[0])), when)
		}
		if ended {
			return
		}
		p.rest(vain)
	}
}
