package plain

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// A row of the queue is ready when its time has come: at first at once, while it
// is leased at the end of the lease, and after it was given back when it is due.
// lease grows with each hand-over, so that older ones no longer fit.
const schema = `
CREATE TABLE IF NOT EXISTS queue (
	position   INTEGER PRIMARY KEY AUTOINCREMENT,
	id         TEXT    NOT NULL UNIQUE,
	ready      INTEGER NOT NULL DEFAULT 0,
	lease      INTEGER NOT NULL DEFAULT 0,
	line       INTEGER NOT NULL,
	raw        BLOB    NOT NULL,
	fault      TEXT    NOT NULL,
	invoice    BLOB, stock BLOB, quantity BLOB, date BLOB, price BLOB, customer BLOB
);
CREATE TABLE IF NOT EXISTS invoices (
	id TEXT NOT NULL PRIMARY KEY, invoice TEXT, line INTEGER, stock TEXT, date DATETIME,
	customer TEXT, name TEXT, quantity INTEGER, price INTEGER, amount INTEGER
);
CREATE TABLE IF NOT EXISTS rejected (
	id TEXT NOT NULL PRIMARY KEY, line INTEGER, reason TEXT, stage TEXT, detail TEXT, text BLOB
);`

// store is the database, with every statement prepared. One transaction writes at
// a time; the others wait for the connection.
type store struct {
	db *sql.DB

	insert, lease, extend, invoice, reject, remove, giveBack, wait *sql.Stmt
}

func openStore(ctx context.Context, path string) (*store, error) {
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)", "temp_store(MEMORY)"}, "_txlock": {"immediate"}, "_time_format": {"sqlite"}}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("plain: database: %w", err)
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: pragmas.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, fmt.Errorf("plain: database: %w", err)
	}
	db.SetMaxOpenConns(1)
	s := &store{db: db}
	_, err = db.ExecContext(ctx, schema)
	if err == nil {
		err = s.prepare(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("plain: database: %w", err), db.Close())
	}
	return s, nil
}

func (s *store) prepare(ctx context.Context) error {
	for _, p := range []struct {
		stmt  **sql.Stmt
		query string
	}{
		{&s.insert, insertRow},
		{&s.lease, leaseRows},
		{&s.extend, extendRows},
		{&s.invoice, insertInvoice},
		{&s.reject, insertRejected},
		{&s.remove, removeRows},
		{&s.giveBack, giveBackRow},
		{&s.wait, untilReady},
	} {
		var err error
		if *p.stmt, err = s.db.PrepareContext(ctx, p.query); err != nil { //nolint:sqlclosecheck // they go with the database
			return err
		}
	}
	return nil
}

// close closes the file; the statements go with it.
func (s *store) close() error { return s.db.Close() }

// within does something in one transaction.
func (s *store) within(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
