package sqlite

import (
	"context"
	"fmt"

	"github.com/ergon-go/ergon"
	lib "modernc.org/sqlite/lib"
)

// tableRow is what is to be stored of a transaction; err is why it is not.
type tableRow struct {
	values []any
	err    error
}

// Dispatch stores transactions as rows, in one transaction of the database, which
// others may share. nil means that all are on disk. A row that the table will
// never take (a constraint, a value of no type SQLite has) is a Business error in
// ItemErrors, and the others are stored; a function of the mapping that panics is
// the failure of its row alone. An id that is there already is done: the row it
// has stays. Faults of the file concern all.
//
// It returns as soon as ctx ends; what was being written then may be stored.
func (s *TableSink[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	if err := s.Start(ctx); err != nil {
		return err
	}
	rows, some := make([]tableRow, len(txs)), false
	for i := range txs {
		rows[i].values, rows[i].err = s.mapping.row(txs[i])
		some = some || rows[i].err == nil
	}
	if some {
		err := s.db.write(ctx, &write{rows: len(rows), do: func(t *tx) error { return s.store(t, rows) }})
		if err != nil {
			return steered(err)
		}
	}
	refusals := make(ergon.ItemErrors, len(rows))
	for i := range rows {
		refusals[i] = rows[i].err
	}
	return reported(refusals)
}

// store writes all rows at once and, only where one of them is refused, each in a
// savepoint of its own.
func (s *TableSink[T]) store(t *tx, rows []tableRow) error {
	for i := range rows {
		if rows[i].values != nil {
			rows[i].err = nil // of a run that does not count
		}
	}
	failed, whole := t.try(func(t *tx) error { return s.storeAll(t, rows) })
	if failed == nil || whole != nil || !refused(failed) {
		return firstOf(whole, failed)
	}
	for i := range rows {
		failed, whole := t.try(func(t *tx) error { return s.storeAll(t, rows[i:i+1]) })
		switch {
		case whole != nil:
			return whole
		case refused(failed):
			rows[i].err = ergon.Business(failed)
		case failed != nil:
			return failed
		}
	}
	return nil
}

func (s *TableSink[T]) storeAll(t *tx, rows []tableRow) error {
	for _, row := range rows {
		if row.values == nil {
			continue
		}
		if _, err := t.exec(s.insert, row.values...); err != nil {
			return fmt.Errorf("sqlite: table %s: %w", s.name, err)
		}
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// fits reports whether a statement of this package fits the tables there are.
func (t *tx) fits(statement, where string) error {
	stmt, err := t.conn.PrepareContext(context.Background(), statement)
	switch {
	case err == nil:
		return stmt.Close() //nolint:sqlclosecheck // there is nothing in between
	case family(err) == lib.SQLITE_ERROR:
		return fault(where, "", "", err.Error())
	}
	return err
}
