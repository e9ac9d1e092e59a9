package durable

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// What both programs write, a text for each row. The ids and the dates are left
// out: each has its own way to write them.
const ordersRows = `
SELECT concat_ws('|', 'invoice', line, invoice, stock, customer, name, quantity, price, amount) FROM invoices
UNION ALL
SELECT concat_ws('|', 'rejected', line, reason, stage, detail, CAST(text AS TEXT)) FROM rejected
ORDER BY 1`

// same returns how the rows of two databases differ.
func same(ctx context.Context, a, b string, lines int) error {
	ofA, err := ordersIn(ctx, a)
	if err != nil {
		return err
	}
	ofB, err := ordersIn(ctx, b)
	if err != nil {
		return err
	}
	if len(ofA) != lines || len(ofB) != lines {
		return fmt.Errorf("durable: of %d lines %d are in one database and %d in the other", lines, len(ofA), len(ofB))
	}
	for i := range ofA {
		if ofA[i] != ofB[i] {
			return fmt.Errorf("durable: the databases differ:\n%s\n%s", ofA[i], ofB[i])
		}
	}
	return nil
}

// complete returns an error unless every line is in the database.
func complete(ctx context.Context, path string, lines int) error {
	rows, err := ordersIn(ctx, path)
	if err == nil && len(rows) != lines {
		err = fmt.Errorf("durable: of %d lines %d are in the database", lines, len(rows))
	}
	return err
}

// ordersIn returns the rows of a database.
func ordersIn(ctx context.Context, path string) (all []string, err error) {
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "mode=ro"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, ordersRows)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err says what went wrong
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
