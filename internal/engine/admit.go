package engine

import (
	"context"
	"errors"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/seam"
)

// errReceipt says that a source handed out the same receipt twice in one fetch.
var errReceipt = errors.New("pipeline: the source handed out the same receipt twice in one fetch; the second was dropped")

// errNoID says that a transaction came without an id, so that one was made up.
var errNoID = errors.New("pipeline: the source handed out a transaction without an id")

// admit takes fetched transactions into the run: each gets an account and a
// slot, and goes to the first stage. More than were asked for wait here for
// their slots, leased like all others.
func (f *fetcher[In]) admit(lot *lot[In], txs []ergon.Transaction[In]) {
	now := time.Now()
	f.now = now.Sub(f.run.began)
	if lot == nil {
		lot = f.lots.get(len(txs), f.desk)
	}
	n := f.collect(lot, txs, now)
	f.lots.fill(lot, n, f.now)
	fresh := lot.origins[:n]
	f.tell(fresh)
	if l := f.pipe.leases; l != nil {
		l.watch(fresh, now)
	}
	items := lot.items[:n]
	for len(items) > 0 {
		f.handOver() // more of it than there was room for
		n := f.slotsFor(len(items))
		if n == 0 {
			return
		}
		f.run.move(int64(n))
		f.last, items = items[:n], items[n:]
	}
}

// collect opens an account for each transaction that was fetched, and returns how
// many there are. The slice of a Fetch is copied: it is not ours.
func (f *fetcher[In]) collect(lot *lot[In], txs []ergon.Transaction[In], now time.Time) int {
	heads, seen := lot.heads[:0], f.receipts(len(txs))
	for i := range txs {
		n := len(heads)
		if receipt := txs[i].Receipt(); receipt != nil && !seen.add(receipt) {
			f.violation(errReceipt)
			continue
		}
		tx := &lot.txs[n]
		if tx != &txs[i] {
			*tx = txs[i]
		}
		if !tx.HasID() {
			f.violation(errNoID)
			*tx = tx.WithID(f.run.madeUpID())
		}
		heads = ergon.AppendWith(heads, tx, &struct{}{})
		f.open(&lot.origins[n], now)
		lot.items[n].payload = tx.Payload()
	}
	clear(seen)
	return len(heads)
}

// open opens the account of one transaction.
func (f *fetcher[In]) open(o *origin[In], now time.Time) {
	r := f.run
	o.reopen()
	o.seq = seam.Ticket(f.seq)
	f.seq++
	if r.TransactionTimeout > 0 {
		o.deadline = instant(now.Sub(r.began) + r.TransactionTimeout)
	}
	if n := len(r.lines); n > 0 {
		units := make([]atomic.Int64, n)
		for i := range units {
			units[i].Store(1)
		}
		o.units = &units
	}
}

// tell tells the observers of a batch and its transactions, and gives each its
// context: under its event, and one that a lost lease can end.
func (f *fetcher[In]) tell(fresh []origin[In]) {
	r := f.run
	if r.watch.seesEach() {
		b := &batch{event: &ergon.Event{Kind: ergon.KindBatch, N: len(fresh)}}
		b.left.n.Store(int64(len(fresh)))
		b.ctx = r.watch.begin(r.work, b.event)
		for i := range fresh {
			o := &fresh[i]
			o.fate = &fate[In]{batch: b}
			o.event = &ergon.Event{Kind: ergon.KindTransaction, ID: o.id(), Metadata: o.head.Metadata(), N: 1, Destination: r.from}
			o.outer = r.watch.begin(b.ctx, o.event)
			o.life = &life{ctx: o.outer, id: o.event.ID}
			f.pipe.open.Store(o, nil)
		}
	}
	if f.pipe.leases == nil {
		return
	}
	for i := range fresh {
		o := &fresh[i]
		ctx, cancel := context.WithCancelCause(o.context())
		told := ""
		if o.life != nil {
			told = o.life.id
		}
		o.life = &life{ctx, cancel, told}
	}
}

// slotsFor waits for free slots and takes up to n of them. 0 means that the run
// is over.
func (f *fetcher[In]) slotsFor(n int) int {
	r := f.run
	for {
		if free := r.InFlight - int(r.slots.Load()); free > 0 {
			f.idle(false)
			n = min(n, free)
			r.take(n)
			return n
		}
		f.idle(true)
		select {
		case <-r.freed:
			f.now = time.Since(r.began)
		case <-r.over:
			return 0
		}
	}
}

// handOver hands what is ready over to the first stage.
func (f *fetcher[In]) handOver() {
	if len(f.last) > 0 {
		f.pipe.entry.put(f.last)
		f.last = nil
	}
}

// receipts is a set of receipts, as far as they can be compared.
type receipts map[any]struct{}

// receipts returns the set, empty, or nil where nothing could be found twice.
func (f *fetcher[In]) receipts(n int) receipts {
	if f.pipe.settler == nil || n < 2 {
		return nil
	}
	if f.seen == nil {
		f.seen = make(receipts, n)
	}
	return f.seen
}

// add adds a receipt and reports whether it is new.
func (r receipts) add(receipt any) bool {
	if r == nil || !reflect.ValueOf(receipt).Comparable() {
		return true
	}
	if _, twice := r[receipt]; twice {
		return false
	}
	r[receipt] = struct{}{}
	return true
}
