package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

// asked has do run in goroutines, n at once, and returns their errors in order.
func asked(n int, do func(i int) error) (wait func() []error) {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = do(i) })
	}
	return func() []error {
		all.Wait()
		return errs
	}
}

func TestAcksAtTheSameTimeShareACommit(t *testing.T) {
	is := is.New(t)
	const n = 64
	db := opened(t)
	q := Queue(db, "orders", String())
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
	}
	enqueued(t, q, texts(ids...)...)
	txs := fetched(t, q, n)
	open := gate(t, db)
	before := db.writer.commits.Load()
	wait := asked(n, func(i int) error {
		return q.Settle(context.Background(), []ergon.Settlement[string]{{Transaction: txs[i]}})
	})
	waitingFor(db, n)
	is.NoErr(open())
	for _, err := range wait() {
		is.NoErr(err)
	}
	is.Equal(db.writer.commits.Load()-before, int64(2)) // the gate's own, and one for all
	is.Equal(statsOf(t, q), Stats{})
}

func TestOneTransactionTakesOnlySoMuch(t *testing.T) {
	tests := []struct {
		name    string
		writes  int
		rows    int
		commits int64
	}{
		{"few", 3, 10, 1},
		{"as many as fit", mostWrites, 1, 1},
		{"one more than fit", mostWrites + 1, 1, 2},
		{"large ones", 3, mostRows, 3},
		{"larger than fits", 2, 10 * mostRows, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			db := opened(t)
			open := gate(t, db)
			wait := asked(tt.writes, func(int) error {
				return db.write(context.Background(), &write{rows: tt.rows, do: func(*tx) error { return nil }})
			})
			waitingFor(db, tt.writes)
			is.NoErr(open())
			for _, err := range wait() {
				is.NoErr(err)
			}
			is.Equal(db.writer.commits.Load(), 1+tt.commits)
		})
	}
}

var errPart = errors.New("this part fails")

func TestOneFailingPartDoesNotFailTheOthers(t *testing.T) {
	tests := []struct {
		name string
		do   func(*tx) error // after it has written something
		want func(error) bool
	}{
		{"an error", func(*tx) error { return errPart }, func(err error) bool { return errors.Is(err, errPart) }},
		{"a constraint", func(t *tx) error {
			_, err := t.once("INSERT INTO t (a) VALUES (NULL)")
			return err
		}, refused},
		{"a constraint at the commit", func(t *tx) error {
			_, err := t.once("INSERT INTO child (a) VALUES ('no such parent')")
			return err
		}, refused},
		{"a panic", func(*tx) error { panic("part") }, func(err error) bool {
			var caught *ergon.PanicError
			return errors.As(err, &caught)
		}},
		{"the end of the whole transaction", func(t *tx) error {
			if _, err := t.once("ROLLBACK"); err != nil {
				return err
			}
			return errPart
		}, func(err error) bool { return errors.Is(err, errPart) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			db := opened(t)
			_, err := db.Exec(t.Context(), "CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY)")
			is.NoErr(err)
			_, err = db.Exec(t.Context(), "CREATE TABLE child (a TEXT REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)")
			is.NoErr(err)
			open := gate(t, db)
			wait := asked(8, func(i int) error {
				return db.write(context.Background(), &write{rows: 1, do: func(x *tx) error {
					if _, err := x.once("INSERT INTO t (a) VALUES (?)", fmt.Sprint(i)); err != nil || i != 3 {
						return err
					}
					return tt.do(x)
				}})
			})
			waitingFor(db, 8)
			is.NoErr(open())
			for i, err := range wait() {
				if i == 3 {
					is.True(tt.want(err))
					continue
				}
				is.NoErr(err)
			}
			var n, bad int
			is.NoErr(db.Reader().QueryRow("SELECT count(*), count(*) FILTER (WHERE a = '3') FROM t").Scan(&n, &bad))
			is.Equal(n, 7)
			is.Equal(bad, 0) // what the failing part wrote is undone
		})
	}
}

func TestCallerWhoseContextEndsIsAnswered(t *testing.T) {
	tests := []struct {
		name   string
		before bool // ctx ends before the call, rather than in the queue
		stay   bool
	}{
		{"before", true, false}, {"before, staying", true, true}, {"while waiting", false, false}, {"while waiting, staying", false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			db := opened(t)
			open := gate(t, db)
			cause := errors.New("enough")
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			if tt.before {
				cancel(cause)
			}
			ran := false
			wait := asked(1, func(int) error {
				return db.write(ctx, &write{stay: tt.stay, do: func(*tx) error { ran = true; return nil }})
			})
			if !tt.before {
				waitingFor(db, 1)
				cancel(cause)
			}
			err := wait()[0] // while the writer is still busy
			is.True(errors.Is(err, context.Canceled))
			is.True(errors.Is(err, cause))
			is.NoErr(open())
			is.NoErr(db.Health(t.Context()))
			is.True(!ran) // it was told that it failed, and nothing came of it
		})
	}
}

func TestContextEndsWhileWriting(t *testing.T) {
	for _, stay := range []bool{false, true} {
		t.Run(fmt.Sprint("stay ", stay), func(t *testing.T) {
			is := is.New(t)
			db := opened(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			defer cancel()
			inside, outside := make(chan struct{}), make(chan struct{})
			wait := asked(1, func(int) error {
				return db.write(ctx, &write{stay: stay, do: func(*tx) error {
					close(inside)
					<-outside
					return nil
				}})
			})
			<-inside
			cancel()
			if !stay {
				is.True(errors.Is(wait()[0], context.Canceled)) // at once
			}
			close(outside)
			if stay {
				is.NoErr(wait()[0]) // the outcome
			}
		})
	}
}

func TestLeasedIsReturnedThoughTheContextEnded(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	clk := newClock()
	armed := false
	q := Queue(opened(t, clock(func() time.Time {
		if armed {
			cancel() // the clock is read when the lease is being written
		}
		return clk.now()
	})), "orders", String())
	enqueued(t, q, texts("a")...)
	some, err := q.anyReady(ctx)
	is.NoErr(err)
	is.True(some)
	armed = true
	rows, err := q.take(ctx, 9)
	is.NoErr(err)
	is.Equal(len(rows), 1)
	is.True(ctx.Err() != nil)
}

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
