package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
)

// leases extends the leases of everything in flight, from fetch to settlement.
type leases[In any] struct {
	pipe     *Pipe[In]
	extender ergon.Extender[In]
	lease    time.Duration
	desk     desk
	failed   bool // the last call did not extend all there was to extend

	mu    sync.Mutex
	valid map[*origin[In]]time.Time // until when, as far as is known
}

func newLeases[In any](p *Pipe[In], e ergon.Extender[In]) *leases[In] {
	return &leases[In]{pipe: p, extender: e, valid: map[*origin[In]]time.Time{}}
}

// watch begins to extend the leases of transactions that were just fetched.
func (l *leases[In]) watch(fetched []origin[In], since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range fetched {
		l.valid[&fetched[i]] = since.Add(l.lease)
	}
}

func (l *leases[In]) forget(o *origin[In]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.valid, o)
}

// start reads how long a lease is and begins to extend, at half of it, a little
// earlier at random so that many processes do not do so at once.
func (l *leases[In]) start() error {
	l.lease = l.extender.Lease()
	if l.lease <= 0 {
		return fmt.Errorf("pipeline: the source's Lease() is %v: it must be above 0", l.lease)
	}
	l.pipe.run.addDesk(&l.desk)
	l.pipe.run.scope.loop("extend", l.step)
	return nil
}

func (l *leases[In]) step() bool {
	pause := l.lease / 2
	if l.failed {
		pause = l.lease / 8 // there is time for some more attempts
	}
	r := l.pipe.run
	pause -= time.Duration(r.lab.Draw(uint64(pause/10) + 1))
	timer := time.NewTimer(r.lab.Apart(pause))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.over:
		return false
	}
	l.extend()
	return true
}

// extend prolongs what is in flight and gives up what is lost.
func (l *leases[In]) extend() {
	l.mu.Lock()
	held := slices.Collect(maps.Keys(l.valid))
	l.mu.Unlock()
	if len(held) == 0 {
		return
	}
	slices.SortFunc(held, func(a, b *origin[In]) int { return cmp.Compare(a.seq, b.seq) })
	txs := make([]ergon.Transaction[In], len(held))
	for i, o := range held {
		txs[i] = *o.tx
	}
	r := l.pipe.run
	ctx, cancel := context.WithTimeout(r.settling, r.lab.Apart(l.lease/4))
	defer cancel()
	began := time.Now()
	event := &ergon.Event{Kind: ergon.KindExtend, N: len(txs), Destination: r.from}
	inner := ctx
	if r.watch.sees(ergon.KindExtend) {
		inner = r.watch.begin(ctx, event)
	}
	l.desk.sit("extend", nil, len(txs))
	protected(func() error { return l.extender.Extend(inner, txs) }, func(err error) {
		l.desk.leave(errors.Is(err, ergon.ErrGoexit))
		if r.watch.sees(ergon.KindExtend) {
			event.Err = err
			r.watch.end(inner, event)
		}
		l.extended(held, ergon.ItemErrorsOf(err, len(held)), began)
	})
}

// extended notes which leases are longer now. A lease is lost where the source
// says so, and where it has run out without an answer.
func (l *leases[In]) extended(held []*origin[In], errs ergon.ItemErrors, began time.Time) {
	now := time.Now()
	var gone []*origin[In]
	l.failed = false
	l.mu.Lock()
	for i, o := range held {
		until, still := l.valid[o]
		switch {
		case !still:
		case errs == nil || errs[i] == nil:
			l.valid[o] = began.Add(l.lease)
		case errors.Is(errs[i], ergon.ErrLeaseLost) || !now.Before(until):
			delete(l.valid, o)
			gone = append(gone, o)
		default:
			l.failed = true
		}
	}
	l.mu.Unlock()
	for _, o := range gone {
		o.mark(lost)
		o.life.cancel(ergon.ErrLeaseLost)
	}
}
