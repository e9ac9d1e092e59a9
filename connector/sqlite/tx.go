package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// tx is the connection that writes, as seen from inside a transaction. Statements
// are prepared once; nothing in it can be interrupted, because SQLite would then
// undo what others have written in the same transaction.
type tx struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func newTx(conn *sql.Conn) *tx { return &tx{conn: conn, prepared: map[string]*sql.Stmt{}} }

func (t *tx) prepare(query string) (*sql.Stmt, error) {
	if stmt, found := t.prepared[query]; found {
		return stmt, nil
	}
	stmt, err := t.conn.PrepareContext(context.Background(), query)
	if err == nil {
		t.prepared[query] = stmt
	}
	return stmt, err
}

// exec runs one of this package's own statements and returns how many rows it
// changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	stmt, err := t.prepare(query) //nolint:sqlclosecheck // it is kept, and closed with the connection
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// once is exec for statements that do not come again, which are not kept.
func (t *tx) once(query string, args ...any) (int64, error) {
	result, err := t.conn.ExecContext(context.Background(), query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// each calls row for every row that a statement yields.
func (t *tx) each(row func(*sql.Rows) error, query string, args ...any) error {
	stmt, err := t.prepare(query) //nolint:sqlclosecheck // it is kept, and closed with the connection
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(context.Background(), args...)
	return eachOf(rows, err, row)
}

func eachOf(rows *sql.Rows, err error, row func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // what it says is returned below
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// try does one part of a transaction and undoes it where it fails. failed is the
// error of that part alone; after whole the transaction is lost.
func (t *tx) try(do func(*tx) error) (failed, whole error) {
	if _, err := t.exec("SAVEPOINT ergon"); err != nil {
		return nil, fmt.Errorf("sqlite: savepoint: %w", err)
	}
	_, failed = guarded(func(t *tx) (any, error) { return nil, do(t) }, t)
	if failed != nil {
		if _, err := t.exec("ROLLBACK TO ergon"); err != nil {
			return failed, failed
		}
	}
	if _, err := t.exec("RELEASE ergon"); err != nil {
		return failed, errors.Join(failed, fmt.Errorf("sqlite: release: %w", err))
	}
	return failed, nil
}

// rollback ends whatever transaction there still is.
func (t *tx) rollback() {
	_, _ = t.exec("ROLLBACK") // fails where SQLite has rolled back by itself already
}

func (t *tx) close() error {
	var faults []error
	for _, stmt := range t.prepared {
		faults = append(faults, stmt.Close())
	}
	return errors.Join(append(faults, t.conn.Close())...)
}
