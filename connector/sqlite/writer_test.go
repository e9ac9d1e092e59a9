package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
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
	armed = true
	txs, err := q.Fetch(ctx, 9)
	is.NoErr(err)
	is.Equal(idsOf(txs), []string{"a"})
	is.True(ctx.Err() != nil)
}

func TestIdleConsumerDoesNotAskForTheLock(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	q, other := Queue(openedAt(t, path), "orders", String()), openedAt(t, path)
	is.Equal(len(fetched(t, q, 1)), 0)
	before := q.db.writer.commits.Load()
	open := gate(t, other)
	is.Equal(len(fetched(t, q, 1)), 0) // though somebody else has it
	is.Equal(q.db.writer.commits.Load(), before)
	is.NoErr(open())
	enqueued(t, Queue(other, "orders", String()), texts("a")...)
	is.Equal(idsOf(fetched(t, q, 1)), []string{"a"}) // and sees at once what others enqueue
}
