package sqlite

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

// fakeClock is a clock that tests move by hand.
type fakeClock struct{ nanos atomic.Int64 }

func newClock() *fakeClock {
	c := &fakeClock{}
	c.nanos.Store(time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC).UnixNano())
	return c
}

func (c *fakeClock) now() time.Time          { return time.Unix(0, c.nanos.Load()) }
func (c *fakeClock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

// texts are transactions whose payloads are their ids.
func texts(ids ...string) []ergon.Transaction[string] {
	txs := make([]ergon.Transaction[string], len(ids))
	for i, id := range ids {
		txs[i] = ergon.NewTransaction(id, id)
	}
	return txs
}

func idsOf[T any](txs []ergon.Transaction[T]) []string {
	ids := []string{}
	for _, t := range txs {
		ids = append(ids, t.ID())
	}
	return ids
}

// enqueued has transactions enqueued, and fails the test where it cannot.
func enqueued[T any](t *testing.T, q *QueueConnector[T], txs ...ergon.Transaction[T]) {
	t.Helper()
	if err := q.Dispatch(t.Context(), txs); err != nil {
		t.Fatal(err)
	}
}

func fetched[T any](t *testing.T, q *QueueConnector[T], max int) []ergon.Transaction[T] {
	t.Helper()
	txs, err := q.Fetch(t.Context(), max)
	if err != nil {
		t.Fatal(err)
	}
	return txs
}

// settled settles all alike.
func settled[T any](t *testing.T, q *QueueConnector[T], txs []ergon.Transaction[T], s ergon.Settlement[T]) {
	t.Helper()
	all := make([]ergon.Settlement[T], len(txs))
	for i, tx := range txs {
		all[i] = s
		all[i].Transaction = tx
	}
	if err := q.Settle(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

func statsOf[T any](t *testing.T, q *QueueConnector[T]) Stats {
	t.Helper()
	s, err := q.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// gate keeps the writer busy inside a transaction until open is called, which
// returns the error of that transaction's part.
func gate(t *testing.T, db *DB) (open func() error) {
	t.Helper()
	inside, outside, result := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		result <- db.write(context.Background(), &write{stay: true, do: func(*tx) error {
			close(inside)
			<-outside
			return nil
		}})
	}()
	<-inside
	return func() error {
		close(outside)
		return <-result
	}
}

// waitingFor returns once n writes wait for the writer.
func waitingFor(db *DB, n int) {
	for {
		db.writer.mu.Lock()
		waiting := len(db.writer.waiting)
		db.writer.mu.Unlock()
		if waiting >= n {
			return
		}
		runtime.Gosched()
	}
}
