package source

import (
	"context"
	"io"
	"sync"

	"github.com/ergon-go/ergon"
)

// Pusher is a Source of what callers bring, each of whom waits for the verdict
// on it: what an HTTP handler or a remote procedure call stands on. Push makes
// one. All its methods may be called at the same time.
type Pusher[T any] struct {
	in     chan *pushed[T] // unbuffered: what was not fetched was never taken
	closed chan struct{}
	shut   sync.Once

	mu  sync.Mutex // held for a few instructions only
	run *pushRun[T]
}

// Push returns a Source that is filled by calls of its method Push.
func Push[T any]() *Pusher[T] {
	return &Pusher[T]{in: make(chan *pushed[T]), closed: make(chan struct{}), run: newPushRun[T]()}
}

// Push brings a transaction and blocks until its verdict is known. nil means
// Acked, that it has been taken care of: what came of it was stored by the sinks,
// or it was stored by DeadLetter, dropped, or handled by OnError. Which of these
// nil does not say, and no result comes back with it. Any other verdict is a
// *VerdictError; a handler of HTTP answers
//
//	nil                  2xx
//	DeadLettered         422: it cannot succeed, and there is no DeadLetter to keep it
//	Returned             503 with a Retry-After of VerdictError.Delay
//	Released             503: the pipeline stops; bring it again
//	any other error      503: it was not taken, or its verdict is not known
//
// Before the first Start it waits for one; after Stop it returns ErrNotRunning.
// After Close it returns ErrClosed, whether the pipeline runs or not. When ctx
// ends it returns the error of ctx: a transaction that no Fetch has taken by then
// is withdrawn, any other goes on and its verdict is told to nobody. A receipt
// that tx carries is ignored.
func (p *Pusher[T]) Push(ctx context.Context, tx ergon.Transaction[T]) error {
	if ctx == nil {
		return fault("source.Push", "context", "", "is nil")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	item := &pushed[T]{tx: tx, answer: make(chan error, 1)}
	select {
	case <-p.closed:
		return ErrClosed
	case <-p.current().stopped:
		return p.refusal()
	case <-ctx.Done():
		return ctx.Err()
	case p.in <- item:
		return item.wait(ctx)
	}
}

// refusal says why nothing is taken: for good, where it is closed as well.
func (p *Pusher[T]) refusal() error {
	select {
	case <-p.closed:
		return ErrClosed
	default:
		return ErrNotRunning
	}
}

// Close ends the source: the next Fetch returns io.EOF, so that a run can end,
// and every Push that was not taken yet returns ErrClosed. It does not wait, may
// be called more than once, and cannot be undone.
func (p *Pusher[T]) Close() { p.shut.Do(func() { close(p.closed) }) }

// Start lets transactions in again after Stop.
func (p *Pusher[T]) Start(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.run.over {
		p.run = newPushRun[T]()
	}
	return nil
}

// Stop answers every caller who still waits: with ErrNotRunning where nothing
// was taken, and with a *VerdictError around ErrNoVerdict where the run has not
// said what became of it.
func (p *Pusher[T]) Stop(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.run.end()
	return nil
}

// Fetch blocks for one transaction, Close or the end of ctx, and then takes what
// else is waiting.
func (p *Pusher[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	if err := ctx.Err(); err != nil || max < 1 {
		return nil, err
	}
	select {
	case <-p.closed:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	case first := <-p.in:
		return p.waiting(first, max), nil
	}
}

// waiting returns the first transaction and those whose callers wait already.
func (p *Pusher[T]) waiting(first *pushed[T], max int) []ergon.Transaction[T] {
	txs := []ergon.Transaction[T]{p.take(first)}
	for len(txs) < max {
		select {
		case next := <-p.in:
			txs = append(txs, p.take(next))
		default:
			return txs
		}
	}
	return txs
}

// take notes that the run owes an answer.
func (p *Pusher[T]) take(item *pushed[T]) ergon.Transaction[T] {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.run.take(item)
	return item.tx.WithReceipt(item)
}

// Settle tells each caller the verdict. It never blocks.
func (p *Pusher[T]) Settle(_ context.Context, settlements []ergon.Settlement[T]) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range settlements {
		if item, ours := s.Transaction.Receipt().(*pushed[T]); ours {
			p.run.answer(item, verdictError(s.Verdict, s.Delay, s.Cause))
		}
	}
	return nil
}

// Accepts returns all verdicts: each is an answer to the caller.
func (p *Pusher[T]) Accepts() ergon.Verdicts {
	return ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned)
}

// Count returns how many transactions were taken and have no verdict yet.
func (p *Pusher[T]) Count(context.Context) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.run.owed), nil
}

func (p *Pusher[T]) current() *pushRun[T] {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.run
}
