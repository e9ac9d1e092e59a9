package ergontest

import (
	"github.com/ergon-go/ergon"
)

// conformWork is a consumer that works off what a source has, settles in random
// order, and can be disturbed.
type conformWork[T any] struct {
	*conformProbe[T]
	source  ergon.Source[T]
	texts   []string // all there are
	most    int      // to fetch at once
	returns int      // one of so many is Returned when it first comes; 0: none
	// disturb is called before each step, and returns whether what is out is lost to
	// the consumer: it comes again.
	disturb func(w *conformWork[T], step int) (lost bool)

	left   map[string]bool // not Acked yet
	seen   map[string]bool
	out    []ergon.Transaction[T]
	vain   int // fetches that got nothing, one after the other
	idle   int // steps since something was Acked for the first time
	rounds int
}

// work works everything off and returns the source, which may be another by then.
func (p *conformProbe[T]) work(w conformWork[T]) ergon.Source[T] {
	w.conformProbe, w.most = p, max(w.most, 100)
	w.left, w.seen = make(map[string]bool, len(w.texts)), map[string]bool{}
	for _, text := range w.texts {
		w.left[text] = true
	}
	for step := 0; len(w.left) > 0; step++ {
		if w.disturb != nil && w.disturb(&w, step) {
			w.out = nil
		}
		before := len(w.left)
		w.step()
		if w.idle++; len(w.left) < before {
			w.idle = 0
		}
		w.unlessf(w.idle < conformVain+len(w.texts), "it hands out the same again and again, and %s never", conformLeft(w.texts, w.left))
	}
	w.settleSome(len(w.out))
	w.drained()
	return w.source
}

// step fetches some and settles some.
func (w *conformWork[T]) step() {
	txs, ended := w.fetch(w.source, 1+w.random.IntN(w.most))
	for _, tx := range txs {
		text := w.text(tx)
		w.unlessf(w.left[text] || w.lenient(), "%s was handed out again after it was Acked", conformShown(text))
		w.out = append(w.out, tx)
	}
	if w.vain++; len(txs) > 0 {
		w.vain = 0
	}
	some := len(w.out)
	if w.vain == 0 && some > 1 {
		some = w.random.IntN(some)
	}
	w.settleSome(some)
	if w.vain > 0 && len(w.left) > 0 {
		w.unlessf(!ended || w.rough, "Fetch returned io.EOF while %s was still to come", conformLeft(w.texts, w.left))
		w.unlessf(w.vain < conformVain, "%d of %d were Acked, and no more came: %s is lost", len(w.texts)-len(w.left), len(w.texts), conformLeft(w.texts, w.left))
		w.rest(w.vain)
	}
}

// settleSome settles so many of those that are out, in random order.
func (w *conformWork[T]) settleSome(n int) {
	w.random.Shuffle(len(w.out), func(i, j int) { w.out[i], w.out[j] = w.out[j], w.out[i] })
	var settlements []ergon.Settlement[T]
	for _, tx := range w.out[:n] {
		settlements = append(settlements, w.verdict(tx))
	}
	w.out = append([]ergon.Transaction[T](nil), w.out[n:]...)
	if len(settlements) == 0 {
		return
	}
	err := w.settling(w.source, settlements)
	w.unlessf(err == nil || w.rough, "Settle of %d: %v", len(settlements), err)
	errs := ergon.ItemErrorsOf(err, len(settlements))
	for i, s := range settlements {
		if s.Verdict == ergon.Acked && (errs == nil || errs[i] == nil) {
			delete(w.left, w.text(s.Transaction))
		}
	}
}

// verdict returns one of some when they come for the first time.
func (w *conformWork[T]) verdict(tx ergon.Transaction[T]) ergon.Settlement[T] {
	text := w.text(tx)
	first := !w.seen[text]
	w.seen[text] = true
	if first && w.returns > 0 && len(w.seen)%w.returns == 0 {
		return ergon.Settlement[T]{Transaction: tx, Verdict: ergon.Returned, Cause: errConform}
	}
	return ergon.Settlement[T]{Transaction: tx, Verdict: ergon.Acked}
}

// drained looks whether anything comes again. Where that is allowed it has to end.
func (w *conformWork[T]) drained() {
	for w.source = w.recover(w.source); w.lenient(); w.rounds++ {
		txs, _ := w.fetch(w.source, 100)
		w.unlessf(w.rounds < 1000, "it hands out the same again and again, though all is Acked")
		if len(txs) == 0 {
			break
		}
		w.settle(w.source, ergon.Acked, txs...)
	}
	w.none(w.source, "after all was Acked")
}
