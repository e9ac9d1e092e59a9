package plain

import (
	"context"
	"fmt"
	"time"
)

// write stores outcomes until there are no more: as many as make a full
// transaction of invoices or of rejections, or what there is when the first of
// them has waited long enough or nothing in flight could join them.
func (c *consumer) write(ctx context.Context) error {
	var waiting []outcome
	invoices, rejected := 0, 0
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	defer timer.Stop()
	flush := func() error {
		timer.Stop()
		done := waiting
		waiting, invoices, rejected = waiting[:0], 0, 0
		return c.keep(ctx, done)
	}
	for {
		select {
		case o, open := <-c.outcomes:
			if !open {
				return flush()
			}
			if len(waiting) == 0 {
				timer.Reset(lingering)
			}
			waiting = append(waiting, o)
			if o.invoice != nil {
				invoices++
			} else {
				rejected++
			}
			if invoices < written && rejected < written && c.inFlight() > len(waiting) {
				continue
			}
		case <-timer.C:
		}
		if err := flush(); err != nil {
			return err
		}
	}
}

// keep stores outcomes and lets others be leased.
func (c *consumer) keep(ctx context.Context, outcomes []outcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	if err := c.store.write(ctx, outcomes); err != nil {
		return fmt.Errorf("plain: write: %w", err)
	}
	c.leave(outcomes)
	c.give(len(outcomes))
	select {
	case c.idle <- struct{}{}:
	default:
	}
	return nil
}
