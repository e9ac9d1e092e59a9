package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
)

// fetcher asks the source for more as long as there is room and more to come. Who
// has the baton fetches, one goroutine at a time; its fields hold what survives one
// turn. A goroutine that carries on what it has fetched keeps the baton, since it
// will be back at once, but where there is more to fetch at once that can be
// worked on beside it: then another one goes on, see runner.
type fetcher[In any] struct {
	pipe     *Pipe[In]
	run      *Run
	ctx      context.Context // ends at the stop
	baton    baton
	runners  atomic.Int64 // how many fetch by turns
	desk     *desk        // of who has the baton
	seq      int64
	failures int           // fetches that failed, one after another
	failing  time.Time     // since when; a fetch itself may take its time
	empties  int           // fetches that got nothing, one after another
	uncounts int           // counts that failed, one after another
	last     []Item[In]    // what was fetched last and is to be handed on
	now      time.Duration // when that was
	full     bool          // and it was all that was asked for
	seen     receipts
	lots     lots[In]
	filler   ergon.Filler[In] // nil: Fetch is called
	done     bool             // nothing will be fetched any more
}

// once fetches once and sees whether there is more. Where the source ends the
// goroutine, the next one finds what was decided in done and last.
func (f *fetcher[In]) once() {
	n := f.room()
	if n == 0 || f.ctx.Err() != nil {
		f.done = true
		return
	}
	idle := f.run.slots.Load() == 0
	f.call(n, func(in *lot[In], txs []ergon.Transaction[In], err error) { f.done = !f.got(in, txs, err, n, idle) })
}

// end says that nothing will be fetched any more.
func (f *fetcher[In]) end() {
	f.run.fetchDone.Store(true)
	f.idle(true)
	f.run.settled()
}

// idle says whether more could be fetched without anything being settled first.
func (f *fetcher[In]) idle(yes bool) {
	if f.run.fetchIdle.Swap(yes) != yes && yes {
		f.run.quiet()
		f.run.quietLetters()
	}
}

// room waits until something may be fetched, and returns how much. 0 means never.
func (f *fetcher[In]) room() int {
	r := f.run
	for {
		most := r.FetchBatch
		if r.Limit > 0 {
			most = int(min(int64(most), r.Limit-r.books.fetched.Load()))
		}
		if most <= 0 || f.ctx.Err() != nil {
			return 0
		}
		resumed := r.Control.paused()
		if free := r.InFlight - int(r.slots.Load()); free > 0 && resumed == nil {
			f.idle(false)
			return min(most, free)
		}
		f.idle(true)
		select {
		case <-r.freed:
		case <-resumed:
		case <-f.ctx.Done():
			return 0
		}
	}
}

// got takes what was fetched and decides whether to go on. in is the lot in which
// it stands already, if any.
func (f *fetcher[In]) got(in *lot[In], txs []ergon.Transaction[In], err error, asked int, wasIdle bool) bool {
	if f.run.isOver() {
		return false // nobody will work on them; their leases end by themselves
	}
	f.full = len(txs) >= f.run.FetchBatch
	if len(txs) > 0 {
		if len(txs) > asked {
			f.violation(fmt.Errorf("pipeline: Fetch returned %d transactions when asked for %d", len(txs), asked))
		}
		f.empties = 0
		f.admit(in, txs)
	}
	switch {
	case errors.Is(err, io.EOF):
		return false
	case f.ctx.Err() != nil:
		return false
	case err != nil:
		f.handOver()
		return f.failed(err, len(txs) > 0)
	}
	f.failures = 0
	if len(txs) > 0 {
		return true
	}
	return f.empty(wasIdle)
}

// failed waits before the next fetch after one that failed, or stops the run.
func (f *fetcher[In]) failed(err error, gotSome bool) bool {
	r := f.run
	if gotSome {
		f.failures = 0
	}
	if f.failures == 0 {
		f.failing = time.Now()
	}
	f.failures++
	steering, d := ergon.SteeringOf(err)
	switch steering {
	case ergon.SteerBusiness, ergon.SteerPermanent, ergon.SteerFatal:
		r.stop(fmt.Errorf("pipeline: fetch: %w", err))
		return false
	}
	wait := max(r.delay(r.Fetch, f.failures-1), d)
	within := r.Fetch.Within
	if f.failures >= r.Fetch.Attempts() || within > 0 && wait >= within-time.Since(f.failing) {
		r.stop(fmt.Errorf("pipeline: fetch failed %d times: %w", f.failures, err))
		return false
	}
	e := &ergon.Event{Kind: ergon.KindWait, Stage: "fetch", Attempt: f.failures, Wait: wait, Err: err}
	ctx := f.ctx
	if r.watch.sees(ergon.KindWait) {
		ctx = r.watch.begin(f.ctx, e)
	}
	f.run.clock.sleep(f.ctx, wait, nil)
	if r.watch.sees(ergon.KindWait) {
		r.watch.end(ctx, e)
	}
	return f.ctx.Err() == nil
}

// empty decides, after a fetch that got nothing, whether there will ever be
// more, and waits before the next.
func (f *fetcher[In]) empty(wasIdle bool) (more bool) {
	if f.run.Streaming {
		return f.rest()
	}
	f.count(func(held int64, known bool, err error) {
		switch {
		case err != nil:
			more = f.uncounted(err)
		case wasIdle && (!known || held <= f.run.leftThere.Load()):
			// nothing will come, but for what this run could not settle
		default:
			f.idle(!known || held <= f.run.slots.Load()+f.run.leftThere.Load())
			more = f.rest()
		}
	})
	return more
}

// uncounted waits after a count that failed, or stops the run, as after a fetch
// that failed: without it nobody knows whether the source is empty.
func (f *fetcher[In]) uncounted(err error) bool {
	f.uncounts++
	if f.uncounts >= f.run.Fetch.Attempts() {
		f.run.stop(fmt.Errorf("pipeline: count failed %d times: %w", f.uncounts, err))
		return false
	}
	f.run.clock.sleep(f.ctx, f.run.delay(f.run.Fetch, f.uncounts-1), nil)
	return f.ctx.Err() == nil
}

// rest waits after a fetch that got nothing, longer each time.
func (f *fetcher[In]) rest() bool {
	wait := f.run.delay(f.run.Empty, f.empties)
	f.empties++
	f.run.clock.sleep(f.ctx, wait, f.run.drained)
	f.idle(false)
	return f.ctx.Err() == nil
}

func (f *fetcher[In]) violation(err error) {
	if f.run.watch.sees(ergon.KindViolation) {
		f.run.watch.moment(f.run.work, &ergon.Event{Kind: ergon.KindViolation, Stage: "fetch", N: 1, Err: err})
	}
}
