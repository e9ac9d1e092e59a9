package source

import (
	"context"

	"github.com/ergon-go/ergon"
)

// pushRun is the time from a Start to the next Stop, and whom it owes an answer.
type pushRun[T any] struct {
	stopped chan struct{}
	over    bool
	owed    map[*pushed[T]]struct{}
}

func newPushRun[T any]() *pushRun[T] {
	return &pushRun[T]{stopped: make(chan struct{}), owed: make(map[*pushed[T]]struct{})}
}

// take notes a transaction. One that a late Fetch brings after the end is
// answered at once, since nobody else will.
func (r *pushRun[T]) take(item *pushed[T]) {
	r.owed[item] = struct{}{}
	if r.over {
		r.answer(item, verdictError(ergon.Released, 0, ErrNoVerdict))
	}
}

// answer tells a caller, once.
func (r *pushRun[T]) answer(item *pushed[T], err error) {
	if _, owed := r.owed[item]; owed {
		delete(r.owed, item)
		item.answer <- err
	}
}

// end answers whoever is left.
func (r *pushRun[T]) end() {
	if r.over {
		return
	}
	r.over = true
	close(r.stopped)
	for item := range r.owed {
		r.answer(item, verdictError(ergon.Released, 0, ErrNoVerdict))
	}
}

// pushed is a transaction whose caller waits.
type pushed[T any] struct {
	tx     ergon.Transaction[T]
	answer chan error // holds the one answer, so that giving it never blocks
}

// wait returns the answer, or the error of ctx where that comes first.
func (i *pushed[T]) wait(ctx context.Context) error {
	select {
	case err := <-i.answer:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-i.answer:
		return err
	default:
		return ctx.Err()
	}
}
