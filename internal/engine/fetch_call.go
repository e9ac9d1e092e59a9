package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/ergon-go/ergon"
)

// call calls Fetch, and got with what it returned, or with why it did not.
func (f *fetcher[In]) call(n int, got func(*lot[In], []ergon.Transaction[In], error)) {
	r := f.run
	ctx, cancel := f.ctx, context.CancelFunc(nil)
	if r.FetchTimeout > 0 {
		ctx, cancel = f.timeout(r.FetchTimeout)
	}
	var event *ergon.Event
	if r.watch.sees(ergon.KindFetch) {
		event = &ergon.Event{Kind: ergon.KindFetch, N: n, Attempt: f.failures + 1, Destination: r.from}
		ctx = r.watch.begin(ctx, event)
	}
	f.desk.sit("fetch", nil, n)
	var txs []ergon.Transaction[In]
	var lot *lot[In]
	err := ergon.ErrGoexit
	defer func() {
		if p := recover(); p != nil {
			err = &ergon.PanicError{Value: p, Stack: debug.Stack()}
		}
		err = sound(err)
		f.desk.leave(errors.Is(err, ergon.ErrGoexit))
		if cancel != nil {
			cancel()
		}
		if event != nil {
			event.N, event.Err = len(txs), err
			r.watch.end(ctx, event)
		}
		got(lot, txs, err)
	}()
	if f.filler != nil {
		if lot, txs, err = f.fill(ctx, n); lot != nil {
			return
		}
		err = ergon.ErrGoexit
	}
	txs, err = f.pipe.source.Fetch(ctx, n)
}

// fill fetches into a lot, where the source can. A nil lot means that it cannot.
func (f *fetcher[In]) fill(ctx context.Context, n int) (*lot[In], []ergon.Transaction[In], error) {
	into := f.lots.get(n, f.desk)
	got, err := f.filler.Fill(ctx, f.pipe.source, into.txs[:n:n])
	if got == 0 {
		f.lots.put(into)
	}
	if got == 0 && errors.Is(err, errors.ErrUnsupported) {
		f.filler = nil
		return nil, nil, nil
	}
	if got < 0 || got > n {
		f.violation(fmt.Errorf("pipeline: Fill returned %d when it was given room for %d transactions", got, n))
		got = min(max(got, 0), n)
	}
	if txs := into.txs[:got]; 4*got >= len(into.txs) || got == 0 {
		return into, txs, err
	}
	few := f.lots.get(got, f.desk) // what is next to empty would keep its memory as long as what is in it
	copy(few.txs, into.txs[:got])
	f.lots.put(into)
	return few, few.txs, err
}

// timeout returns the context of one call; d 0 means that it may take its time,
// as a source does that blocks until there is something.
func (f *fetcher[In]) timeout(d time.Duration) (context.Context, context.CancelFunc) {
	if d <= 0 {
		return context.WithCancel(f.ctx)
	}
	return context.WithTimeoutCause(f.ctx, f.run.lab.Apart(d), ErrAttemptTimeout)
}

// countTimeout is how long a source may take to count what it holds.
const countTimeout = time.Minute

// count finds out how much the source still holds, if it can say.
func (f *fetcher[In]) count(then func(held int64, known bool, err error)) {
	c, ok := f.pipe.source.(ergon.Counter)
	if !ok {
		then(0, false, nil)
		return
	}
	ctx, cancel := f.timeout(max(f.run.FetchTimeout, countTimeout))
	held := 0
	f.desk.sit("count", nil, 1)
	protected(func() (err error) {
		held, err = c.Count(ctx)
		return err
	}, func(err error) {
		f.desk.leave(errors.Is(err, ergon.ErrGoexit))
		cancel()
		if err == nil {
			f.uncounts = 0
		}
		then(int64(held), true, err)
	})
}
