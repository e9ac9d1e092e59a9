package ergontest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// Settle carries out verdicts.
func (c *depotDoor) Settle(ctx context.Context, settlements []ergon.Settlement[string]) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case (ctx.Err() != nil && c.bug == "nil when cancelled") || (c.away && c.bug == "nil while away"):
		return nil
	case c.away:
		return errDepotAway
	case len(settlements) == 0 && c.bug == "no empty batch":
		return errors.New("depot: empty batch")
	case len(settlements) > 0 && settlements[0].Verdict == ergon.DeadLettered && c.bug == "refuses what it accepts":
		return errors.New("depot: no dead letters")
	}
	defer c.changed()
	if c.bug == "keeps the settlements" || c.bug == "settles after it has said so" {
		if c.bug == "settles after it has said so" {
			settlements = slices.Clone(settlements)
		}
		c.putOff(func() { c.settleAll(settlements) })
		return nil
	}
	stale := c.settleAll(settlements)
	if stale && c.bug == "reports too few settlements" {
		return make(ergon.ItemErrors, len(settlements)-1)
	}
	if stale && c.bug == "calls stale an error" {
		return fmt.Errorf("depot: unknown delivery tag")
	}
	return nil
}

func (c *depotDoor) settleAll(settlements []ergon.Settlement[string]) (stale bool) {
	for _, s := range settlements {
		var r depotReceipt
		if c.bug == "panics on a foreign receipt" {
			r = s.Transaction.Receipt().(depotReceipt)
		} else {
			r, _ = s.Transaction.Receipt().(depotReceipt)
		}
		if c.bug == "settles by id" {
			r = c.byID(s.Transaction.ID())
		}
		if r.item == nil || (!r.item.out || r.lease != r.item.lease) && c.bug != "a stale receipt settles" {
			stale = true
			continue
		}
		c.carryOut(r.item, s)
	}
	return stale
}

func (c *depotDoor) byID(id string) depotReceipt {
	for _, item := range c.goods {
		if item.tx.ID() == id {
			return depotReceipt{item, item.lease}
		}
	}
	return depotReceipt{}
}

func (c *depotDoor) carryOut(item *depotItem, s ergon.Settlement[string]) {
	item.out = false
	switch s.Verdict {
	case ergon.Acked:
		c.ack(item)
	case ergon.DeadLettered:
		if c.bug == "dead letters come again" {
			item.due = time.Time{}
			return
		}
		if c.bug != "throws dead letters away" {
			c.dead = append(c.dead, item.tx)
		}
		c.remove(item)
	case ergon.Released:
		item.due = time.Time{}
		if c.bug != "counts what was released" {
			item.count--
		}
		if c.bug == "forgets what was released" {
			c.remove(item)
		}
	case ergon.Returned:
		item.due = c.now().Add(s.Delay)
		if c.bug == "forgets the delay" {
			item.due = time.Time{}
		}
		if c.bug == "forgets what was returned" || c.bug == "forgets one of a hundred" && len(item.tx.Payload())%3 == 2 {
			c.remove(item)
		}
	}
}

func (c *depotDoor) ack(item *depotItem) {
	if c.bug == "forgets acks at a restart" && len(c.goods) > 0 {
		return // it is out until the lease ends
	}
	if i := slices.Index(c.goods, item); c.bug == "an ack covers what stands before it" && i > 0 {
		c.goods = c.goods[i:]
	}
	c.remove(item)
}

func (c *depotDoor) remove(item *depotItem) {
	c.goods = slices.DeleteFunc(c.goods, func(other *depotItem) bool { return other == item })
}

// Accepts returns all verdicts.
func (c *depotDoor) Accepts() ergon.Verdicts {
	return ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned)
}

// Count returns how many are left.
func (c *depotDoor) Count(context.Context) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.goods)
	switch c.bug {
	case "counts one too few":
		n = max(n-1, 0)
	case "does not count what is out":
		n = len(slices.DeleteFunc(slices.Clone(c.goods), func(item *depotItem) bool { return item.out }))
	}
	return n, nil
}

// Find returns what is left of an id.
func (c *depotDoor) Find(_ context.Context, id string) (ergon.Transaction[string], error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.byID(id)
	switch {
	case r.item == nil && c.bug == "finds nothing and says nothing":
		return ergon.Transaction[string]{}, nil
	case r.item == nil:
		return ergon.Transaction[string]{}, ergon.ErrNotFound
	case c.bug == "finds with a receipt":
		return r.item.tx.WithReceipt(r), nil
	}
	return r.item.tx, nil
}

// Lease returns how long something may be out.
func (c *depotDoor) Lease() time.Duration {
	if c.bug == "a lease that changes" {
		return depotLease + time.Duration(len(c.held()))
	}
	return depotLease
}

// Extend prolongs leases.
func (c *depotDoor) Extend(_ context.Context, txs []ergon.Transaction[string]) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	errs, lost := make(ergon.ItemErrors, len(txs)), false
	for i, tx := range txs {
		r, _ := tx.Receipt().(depotReceipt)
		if r.item == nil || !r.item.out || r.lease != r.item.lease {
			errs[i], lost = ergon.ErrLeaseLost, true
		} else if c.bug != "extends nothing" {
			r.item.due = c.now().Add(depotLease)
		}
		if r.item != nil && c.bug == "extends what is settled" && !slices.Contains(c.goods, r.item) {
			c.goods = append(c.goods, r.item)
			r.item.due = c.now().Add(depotLease)
		}
	}
	if !lost || c.bug == "extends what is lost" {
		return nil
	}
	return errs
}

// Health returns whether it is away.
func (c *depotDoor) Health(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.away && c.bug != "is always well" || c.bug == "is never well" {
		return errDepotAway
	}
	return nil
}

// Prefetch returns no bound.
func (c *depotDoor) Prefetch() int {
	if c.bug == "a bound that changes" {
		return len(c.held())
	}
	return 0
}
