package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sourcegraph/conc"
)

// DB is a database file: a service that knows nothing of transactions and can be
// used alone. Queues and tables stand on it. Safe for concurrent use.
type DB struct {
	now     func() time.Time
	writer  *writer
	writes  *sql.DB // one connection, which belongs to writer
	reads   *sql.DB
	scope   conc.WaitGroup // the goroutine that writes; Close ends it
	closing func() error
}

// Open opens the database file at path and makes it where there is none, for its
// owner alone (mode 0600). The directory must exist. Whoever opens it closes it.
//
// It waits for other processes that hold the file until ctx ends; ctx means
// nothing to the DB afterwards. A file that is no database, cannot be written or
// has a newer schema (ErrSchema) is an error, as is everything wrong with the
// arguments, all at once.
func Open(ctx context.Context, path string, opts ...Option) (*DB, error) {
	s := settingsOf(opts)
	if err := errors.Join(append([]error{given(ctx)}, append(pathFaults(path), s.faults...)...)...); err != nil {
		return nil, err
	}
	if err := prepareFile(path); err != nil {
		return nil, fileError(path, err)
	}
	db, err := connect(ctx, path, s)
	if err != nil {
		return nil, fileError(path, err)
	}
	db.scope.Go(db.writer.run) // until close
	return db, nil
}

// connect opens both sides of a database, with the tables of this package in it.
func connect(ctx context.Context, path string, s *settings) (*DB, error) {
	// The timeout is short because a wait inside SQLite does not see who still
	// waits for the lock; the writer's loop does.
	to, errTo := dsn(path, "busy_timeout(100)", "synchronous(FULL)", "foreign_keys(1)",
		"temp_store(MEMORY)", "journal_size_limit(67108864)")
	from, errFrom := dsn(path, "busy_timeout(5000)", "query_only(1)")
	if err := errors.Join(errTo, errFrom); err != nil {
		return nil, err
	}
	writes, errTo := sql.Open("sqlite", to)
	reads, errFrom := sql.Open("sqlite", from)
	if err := errors.Join(errTo, errFrom); err != nil {
		return nil, err
	}
	writes.SetMaxOpenConns(1)
	reads.SetMaxOpenConns(s.readers)
	reads.SetMaxIdleConns(s.readers)
	conn, err := ready(ctx, writes)
	if err != nil {
		return nil, errors.Join(err, writes.Close(), reads.Close())
	}
	db := &DB{now: s.now, writer: newWriter(conn), writes: writes, reads: reads}
	db.closing = sync.OnceValue(db.close)
	return db, nil
}

// ready is the connection that writes, once the file is as it has to be.
func ready(ctx context.Context, writes *sql.DB) (*sql.Conn, error) {
	var conn *sql.Conn
	err := patiently(ctx, func() (err error) {
		conn, err = writes.Conn(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := setUp(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// patiently does something again while other processes are in its way.
func patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ended(ctx, "wait for the file")
		case !busy(err):
			return err
		}
	}
}

// Close answers everyone who still waits with ErrClosed, lets the transaction
// under way end, and closes the file. Close after Close changes nothing. Reading
// connections that are in use are closed when they are given back.
func (db *DB) Close() error {
	if db == nil || db.closing == nil {
		return nil
	}
	return db.closing()
}

func (db *DB) close() error {
	db.writer.close()
	db.scope.Wait()
	err := errors.Join(db.reads.Close(), db.writer.tx.close(), db.writes.Close())
	if err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	return nil
}

// Health returns nil where the database can be written to now. It waits for other
// processes that write until ctx ends.
func (db *DB) Health(ctx context.Context) error {
	return db.write(ctx, &write{do: func(*tx) error { return nil }})
}

// Reader returns a small pool of connections that can only read, for figures and
// reports; writing goes through Exec. It sees what is committed. It is closed
// with the DB, never by the caller. It is nil where the DB was never opened.
func (db *DB) Reader() *sql.DB {
	if db == nil {
		return nil
	}
	return db.reads
}

// opened reports whether db came from Open.
func (db *DB) opened() bool { return db != nil && db.writer != nil }

// write hands w to the writer, with the contract of writer.submit.
func (db *DB) write(ctx context.Context, w *write) error {
	if err := given(ctx); err != nil {
		return err
	}
	if !db.opened() {
		return ErrClosed
	}
	return db.writer.submit(ctx, w)
}

// read calls row for every row that a query yields.
func (db *DB) read(ctx context.Context, row func(*sql.Rows) error, query string, args ...any) error {
	if err := given(ctx); err != nil {
		return err
	}
	if !db.opened() || db.writer.ended() {
		return ErrClosed
	}
	var rows *sql.Rows
	err := patiently(ctx, func() (err error) {
		rows, err = db.reads.QueryContext(ctx, query, args...) //nolint:rowserrcheck,sqlclosecheck // eachOf does
		return err
	})
	if err = eachOf(rows, err, row); err == nil {
		return nil
	}
	switch {
	case db.writer.ended():
		return ErrClosed
	case ctx.Err() != nil:
		return ended(ctx, "read")
	}
	return fmt.Errorf("sqlite: read: %w", err)
}
