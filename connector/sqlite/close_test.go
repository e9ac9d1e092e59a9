package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestClose(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(t.Context(), path)
	is.NoErr(err)
	q := Queue(db, "orders", String())
	table := Table(db, "rows", Columns(func(s string) []any { return []any{s} }, "a"), Create())
	enqueued(t, q, texts("a")...)
	txs := fetched(t, q, 1)
	open := gate(t, db)
	wait := asked(3, func(int) error { return q.Dispatch(context.Background(), texts("b")) })
	waitingFor(db, 3)
	closing := asked(2, func(int) error { return db.Close() })
	for !db.writer.ended() {
		runtime.Gosched()
	}
	is.NoErr(open()) // what was under way ends well
	for _, err := range wait() {
		is.True(errors.Is(err, ErrClosed)) // who waited is answered
	}
	for _, err := range closing() {
		is.NoErr(err)
	}
	is.NoErr(db.Close())

	_, fetch := q.Fetch(t.Context(), 1)
	_, countErr := q.Count(t.Context())
	_, statsErr := q.Stats(t.Context())
	_, find := q.Find(t.Context(), "a")
	_, requeue := q.Requeue(t.Context(), "a")
	_, exec := db.Exec(t.Context(), "SELECT 1")
	for name, err := range map[string]error{
		"fetch": fetch, "count": countErr, "stats": statsErr, "find": find, "requeue": requeue, "exec": exec,
		"dispatch": q.Dispatch(t.Context(), texts("c")),
		"settle":   q.Settle(t.Context(), []ergon.Settlement[string]{{Transaction: txs[0]}}),
		"extend":   q.Extend(t.Context(), txs),
		"health":   q.Health(t.Context()), "of the table": table.Health(t.Context()), "of the database": db.Health(t.Context()),
		"start": table.Start(t.Context()), "table": table.Dispatch(t.Context(), texts("c")),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	is.Equal(idsOf(fetched(t, Queue(openedAt(t, path), "orders", String()), 9)), []string{}) // a is leased, and b was refused
}

func TestAnotherProcessHoldsTheLock(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	db, other := openedAt(t, path), openedAt(t, path)
	q := Queue(db, "orders", String())
	open := gate(t, other) // in a transaction of its own
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	impatient := asked(1, func(int) error { return q.Dispatch(ctx, texts("a")) })
	patient := asked(1, func(int) error { return q.Dispatch(context.Background(), texts("b")) })
	waitingFor(db, 2)
	cancel()
	is.True(errors.Is(impatient()[0], context.Canceled)) // though the lock is still held
	is.NoErr(open())
	is.NoErr(patient()[0])
	is.Equal(idsOf(fetched(t, Queue(other, "orders", String()), 9)), []string{"b"})
}

func TestCloseDoesNotWaitForAnotherProcess(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	db, other := openedAt(t, path), openedAt(t, path)
	open := gate(t, other)
	wait := asked(1, func(int) error { return Queue(db, "orders", String()).Dispatch(context.Background(), texts("a")) })
	waitingFor(db, 1)
	is.NoErr(db.Close())
	is.True(errors.Is(wait()[0], ErrClosed))
	is.NoErr(open())
}
