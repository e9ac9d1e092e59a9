package source

import (
	"context"
	"io"

	"github.com/ergon-go/ergon"
)

// Channel is a Source of what is sent on a channel. Chan makes one.
type Channel[T any] struct{ ch <-chan T }

// Chan returns a Source of what is sent on a channel; it ends when the channel
// is closed. The transactions have no ids of their own. What was received is
// out of the channel: there is no place to put it back, so a stop or a failure
// loses what it leaves unfinished, and the run says so.
func Chan[T any](ch <-chan T) *Channel[T] { return &Channel[T]{ch: ch} }

// Validate reports a nil channel, which would block for ever.
func (c *Channel[T]) Validate() error {
	if c.ch == nil {
		return fault("source.Chan", "channel", "", "is nil")
	}
	return nil
}

// Start does nothing but Validate.
func (c *Channel[T]) Start(context.Context) error { return c.Validate() }

// Fetch blocks for one item, the closing of the channel or the end of ctx, and
// then takes what else is ready.
func (c *Channel[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	if err := c.Validate(); err != nil {
		return nil, ergon.Permanent(err)
	}
	if err := ctx.Err(); err != nil || max < 1 {
		return nil, err
	}
	select {
	case item, open := <-c.ch:
		if !open {
			return nil, io.EOF
		}
		return c.ready(item, max)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ready returns the first item and what can be had without blocking.
func (c *Channel[T]) ready(first T, max int) ([]ergon.Transaction[T], error) {
	txs := make([]ergon.Transaction[T], 0, min(max, len(c.ch)+1))
	txs = append(txs, ergon.NewTransaction("", first))
	for len(txs) < max {
		select {
		case item, open := <-c.ch:
			if !open {
				return txs, io.EOF
			}
			txs = append(txs, ergon.NewTransaction("", item))
		default:
			return txs, nil
		}
	}
	return txs, nil
}
