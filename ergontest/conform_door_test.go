package ergontest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
)

// depotDoor is an open connection to a depot.
type depotDoor struct {
	*depot
	broken  error // it leads nowhere
	stopped bool
	started bool
	kept    []ergon.Transaction[string] // what a bug has left in the slice of a Fill
}

var (
	_ ergon.Connector[string] = (*depotDoor)(nil)
	_ ergon.Settler[string]   = (*depotDoor)(nil)
	_ ergon.Extender[string]  = (*depotDoor)(nil)
	_ ergon.Finder[string]    = (*depotDoor)(nil)
	_ ergon.Counter           = (*depotDoor)(nil)
	_ ergon.Prefetcher        = (*depotDoor)(nil)
	_ ergon.Filler[string]    = (*depotDoor)(nil)
	_ ergon.HealthChecker     = (*depotDoor)(nil)
)

func (c *depotDoor) Start(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bug == "start hands out again" && c.started {
		for _, item := range c.goods {
			item.out, item.due = false, time.Time{}
		}
	}
	if c.bug == "empties what is there when it starts" {
		c.goods = nil
	}
	again := c.stopped
	c.started, c.stopped = true, false
	switch {
	case c.bug == "starts only once" && again:
		return errors.New("depot: started already")
	case c.bug == "says nothing of where it leads":
		return nil
	}
	return c.broken
}

func (c *depotDoor) Stop(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	again := c.stopped
	c.stopped = true
	switch {
	case c.bug == "hangs when stopped twice" && again:
		c.mu.Unlock()
		<-make(chan struct{})
	case c.bug == "leaves a goroutine" && !again:
		go func() { time.Sleep(time.Hour) }()
	case c.bug == "fails when stopped unused" && len(c.known) == 0:
		return errors.New("depot: never used")
	case c.bug == "fails when stopped twice" && again:
		return errors.New("depot: stopped already")
	}
	return nil
}

func (c *depotDoor) Fetch(ctx context.Context, max int) ([]ergon.Transaction[string], error) {
	if c.bug == "ignores the context" {
		ctx = context.Background()
	}
	for {
		if err := ctx.Err(); err != nil && c.bug != "drops what it took when cancelled" {
			return nil, err
		}
		txs, change, next, err := c.take(max)
		if err := ctx.Err(); err != nil && c.bug == "drops what it took when cancelled" {
			return nil, err
		}
		if err != nil || len(txs) > 0 || max < 1 || c.bug == "does not wait" {
			return txs, err
		}
		c.waitFor(ctx, change, next)
	}
}

// take hands out what is due, or says when something will be.
func (c *depotDoor) take(most int) (txs []ergon.Transaction[string], change chan struct{}, next time.Duration, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.later != nil {
		c.later()
		c.later = nil
	}
	c.perhapsForEver()
	switch {
	case c.broken != nil && c.bug == "says nothing of where it leads":
		return nil, c.change, time.Hour, nil
	case c.away || c.broken != nil:
		return nil, nil, 0, errors.Join(errDepotAway, c.broken)
	case c.bug == "panics after stop" && c.stopped:
		panic("receive on closed channel")
	case c.bug == "fails when empty" && len(c.goods) == 0:
		return nil, nil, 0, errors.New("depot: empty")
	}
	if c.bug == "one more than asked" {
		most++
	}
	now, left := c.now(), len(c.goods) > 0
	next = time.Hour
	goods := slices.Clone(c.goods)
	if c.bug == "last first" {
		slices.Reverse(goods)
	}
	for _, item := range goods {
		if item.owner != nil && item.owner != c {
			continue
		}
		over := !item.due.After(now) && (!item.out || c.bug != "leases never end") || c.bug == "hands out what is out"
		if !over {
			next = min(next, max(item.due.Sub(now), time.Second))
		} else if len(txs) < most {
			txs = append(txs, c.takeOut(item))
		}
	}
	if c.bug == "is stuck when all is out" && left && len(txs) == 0 {
		c.stuck = true
	}
	if c.stuck {
		return nil, c.change, next, nil
	}
	if c.bug == "acks at fetch" {
		c.goods = slices.DeleteFunc(c.goods, func(item *depotItem) bool { return item.out })
	}
	if c.bug == "ends while something is out" && left && len(txs) == 0 {
		err = io.EOF
	}
	return txs, c.change, next, err
}

// perhapsForEver breaks a door that a bug keeps from opening again.
func (c *depotDoor) perhapsForEver() {
	if c.away && c.bug == "never comes back" {
		c.broken = errDepotAway
	}
}

func (c *depotDoor) Dispatch(ctx context.Context, txs []ergon.Transaction[string]) error {
	if c.bug == "one at a time" {
		defer c.active.Add(-1)
		if c.active.Add(1); !waitedAlone(&c.active) {
			return errors.New("depot: busy")
		}
	}
	if err := ctx.Err(); err != nil && c.bug == "nil when cancelled" {
		return nil
	} else if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.perhapsForEver()
	switch {
	case (c.away || c.broken != nil) && (c.bug == "nil while away" || c.bug == "says nothing of where it leads"):
		return nil
	case c.away || c.broken != nil:
		return errors.Join(errDepotAway, c.broken)
	case c.stopped && c.bug == "panics after stop":
		panic("send on closed channel")
	case c.stopped:
		return errors.New("depot: stopped")
	case len(txs) == 0 && c.bug == "no empty batch":
		return errors.New("depot: empty batch")
	}
	defer c.changed()
	return c.store(txs)
}

// waitedAlone reports whether nobody else came for a while.
func waitedAlone(active *atomic.Int32) bool {
	time.Sleep(time.Millisecond)
	return active.Load() == 1
}

func (c *depotDoor) store(txs []ergon.Transaction[string]) error {
	errs, bad := make(ergon.ItemErrors, len(txs)), false
	add := func(i int) { c.add(txs[i]) }
	if c.bug == "stores what the caller has made of the slice" {
		add = func(i int) { c.putOff(func() { c.add(txs[i]) }) }
	} else if c.bug == "returns before it has stored" {
		add = func(i int) { tx := txs[i]; c.putOff(func() { c.add(tx) }) }
	} else if c.bug == "keeps to itself" {
		add = func(i int) {
			c.add(txs[i])
			c.goods[len(c.goods)-1].owner = c
		}
	}
	for i, tx := range txs {
		if errs[i] = c.refusal(tx); errs[i] != nil {
			bad = true
			continue
		}
		add(i)
	}
	if c.bug == "loses the last of many" && len(txs) > 50 {
		c.goods = c.goods[:len(c.goods)-1]
	}
	if c.bug == "writes to the slice" && len(txs) > 1 {
		txs[0], txs[len(txs)-1] = txs[len(txs)-1], txs[0]
	}
	switch {
	case !bad || c.bug == "calls stored what it refused":
		return nil
	case c.bug == "reports the wrong one":
		return append(errs[1:], errs[0])
	case c.bug == "fails all for one":
		return errors.Join(errs...)
	case c.bug == "reports too few":
		return errs[:len(errs)-1]
	}
	return errs
}

// putOff puts something off, until the next Fetch or Stop.
func (d *depot) putOff(what func()) {
	before := d.later
	d.later = func() {
		if before != nil {
			before()
		}
		what()
	}
}

func (c *depotDoor) refusal(tx ergon.Transaction[string]) error {
	err := errors.New("depot: it cannot be stored")
	switch {
	case tx.ID() != "" && tx.Payload() != "refused":
		return nil
	case c.bug == "refuses for a while":
		return err
	case c.bug == "quotes the payload":
		return ergon.Business(fmt.Errorf("%w: %s", err, tx.Payload()))
	}
	return ergon.Business(err)
}
