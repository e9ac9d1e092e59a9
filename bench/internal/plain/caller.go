package plain

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"time"
)

// How long a line that was given back waits.
const (
	firstReturn   = 200 * time.Millisecond
	longestReturn = 5 * time.Second
)

// call makes outcomes of lines, many at once, until there are no more lines.
func (c *consumer) call(ctx context.Context) error {
	defer close(c.outcomes)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for l := range c.lines {
				c.outcomes <- c.outcome(ctx, l)
			}
		})
	}
	group.Wait()
	return nil
}

// outcome finds out what becomes of a line. A panic is a failure of that line.
func (c *consumer) outcome(ctx context.Context, l leased) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = returned(l)
		}
	}()
	parsed, err := parse(l.record)
	if err != nil {
		return reject(l, "parse", err)
	}
	if err := check(parsed); err != nil {
		return reject(l, "validate", err)
	}
	name, err := c.directory.name(ctx, parsed)
	switch {
	case errors.Is(err, errUnknownCustomer):
		return reject(l, "enrich", err)
	case err != nil && ctx.Err() != nil:
		return outcome{leased: l} // somebody else may have it at once
	case err != nil:
		return returned(l)
	}
	total, err := amount(parsed)
	if err != nil {
		return reject(l, "price", err)
	}
	return outcome{leased: l, invoice: &invoice{line: parsed, name: name, amount: total}}
}

// returned gives a line back, to come again later each time.
func returned(l leased) outcome {
	wait := min(longestReturn, firstReturn<<min(l.lease-1, 10))
	return outcome{leased: l, again: 1 + rand.N(wait)}
}

// extend prolongs the leases of what is in flight, well before they end.
func (c *consumer) extend(ctx context.Context) error {
	ticker := time.NewTicker(c.lease / 2)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		c.mu.Lock()
		held := maps.Clone(c.held)
		c.mu.Unlock()
		if err := c.store.prolong(context.WithoutCancel(ctx), held, c.lease); err != nil {
			return fmt.Errorf("plain: extend: %w", err)
		}
	}
}
