package source_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
)

// queue is a source in memory that leases and settles, and tells what it was
// asked. Its receipts are its ids with a mark.
type queue struct {
	mu       sync.Mutex
	waiting  []string
	out      []string // handed out, not settled
	verdicts []string // as they came
	fetches  int
	ended    bool
	accepts  ergon.Verdicts
	lease    time.Duration
	extended []string
	refuse   func(id string) error // in Settle and Extend
}

func newQueue(items ...string) *queue {
	return &queue{waiting: items, lease: time.Minute, accepts: ergon.VerdictSet(0, 1, 2, 3)}
}

func (q *queue) Fetch(_ context.Context, n int) ([]ergon.Transaction[string], error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.fetches++
	n = min(n, len(q.waiting))
	var txs []ergon.Transaction[string]
	for _, id := range q.waiting[:n] {
		txs = append(txs, ergon.NewTransaction(id, id).WithReceipt("receipt "+id))
		q.out = append(q.out, id)
	}
	q.waiting = q.waiting[n:]
	if q.ended && len(q.waiting) == 0 {
		return txs, io.EOF
	}
	return txs, nil
}

func (q *queue) Settle(_ context.Context, settlements []ergon.Settlement[string]) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	errs := make(ergon.ItemErrors, len(settlements))
	for i, s := range settlements {
		id := s.Transaction.ID()
		if s.Transaction.Receipt() != "receipt "+id {
			errs[i] = errors.New("a receipt of somebody else")
			continue
		}
		if q.refuse != nil {
			errs[i] = q.refuse(id)
		}
		if errs[i] == nil {
			q.verdicts = append(q.verdicts, id+" "+s.Verdict.String())
			if s.Verdict == ergon.Released {
				q.waiting = append(q.waiting, id)
			}
			q.out = slices.DeleteFunc(q.out, func(o string) bool { return o == id })
		}
	}
	return errs
}

func (q *queue) Accepts() ergon.Verdicts { return q.accepts }

func (q *queue) Count(context.Context) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting) + len(q.out), nil
}

func (q *queue) Lease() time.Duration { return q.lease }

func (q *queue) Extend(_ context.Context, txs []ergon.Transaction[string]) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	errs := make(ergon.ItemErrors, len(txs))
	for i, tx := range txs {
		if tx.Receipt() != "receipt "+tx.ID() {
			errs[i] = errors.New("a receipt of somebody else")
		} else if q.refuse != nil {
			errs[i] = q.refuse(tx.ID())
		}
		q.extended = append(q.extended, tx.ID())
	}
	return errs
}

// add puts more into the queue.
func (q *queue) add(items ...string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, items...)
}
