package sink

import (
	"context"

	"github.com/ergon-go/ergon"
)

// Chan returns a sink that sends each payload on a channel. Dispatch blocks
// until it is taken, or has a place in the channel's buffer, or ctx ends: what
// was sent before that is stored, the rest fails with the cause of ctx. The
// channel is never closed, so whoever reads from it learns of the end of the
// pipeline by its Run. Should somebody else close it, the run ends with
// ErrChanClosed.
func Chan[T any](to chan<- T) ergon.Sink[T] { return channel[T](to) }

type channel[T any] chan<- T

func (c channel[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	if err := c.Validate(); err != nil {
		return ergon.Fatal(err)
	}
	return report(eachOf(ctx, len(txs), func(i int) error {
		return c.send(ctx, txs[i].Payload())
	}))
}

// send returns nil once the payload is sent. The runtime answers a send on a
// closed channel with a panic, and nothing else here can panic.
func (c channel[T]) send(ctx context.Context, payload T) (err error) {
	defer func() {
		if recover() != nil {
			err = ergon.Fatal(ErrChanClosed)
		}
	}()
	select {
	case c <- payload:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Validate refuses a nil channel, on which a send blocks for ever.
func (c channel[T]) Validate() error {
	if c == nil {
		return fault("sink.Chan", "to", "is nil")
	}
	return nil
}
