package main

import (
	"context"
	"database/sql"

	"github.com/ergon-go/ergon/connector/sqlite"
)

// figures are what the database holds, counted there.
type figures struct {
	Invoiced int   // lines
	Invoices int   // of those
	Total    pence // of those
	Rejected []reasonCount
	Queue    sqlite.Stats
}

// reasonCount is how many lines were rejected for a reason.
type reasonCount struct {
	Reason string
	Lines  int
}

// figures counts what the database holds.
func (s *shop) figures(ctx context.Context) (figures, error) {
	var f figures
	row := s.db.Reader().QueryRowContext(ctx, "SELECT count(*), count(DISTINCT invoice), coalesce(sum(amount), 0) FROM invoices")
	if err := row.Scan(&f.Invoiced, &f.Invoices, &f.Total); err != nil {
		return f, err
	}
	var err error
	if f.Rejected, err = reasons(ctx, s.db.Reader()); err != nil {
		return f, err
	}
	f.Queue, err = s.queue.Stats(ctx)
	return f, err
}

// reasons counts the rejected lines, the most frequent reason first.
func reasons(ctx context.Context, db *sql.DB) ([]reasonCount, error) {
	rows, err := db.QueryContext(ctx, "SELECT reason, count(*) FROM rejected GROUP BY reason ORDER BY count(*) DESC, reason")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err says what went wrong
	var counts []reasonCount
	for rows.Next() {
		var c reasonCount
		if err := rows.Scan(&c.Reason, &c.Lines); err != nil {
			return nil, err
		}
		counts = append(counts, c)
	}
	return counts, rows.Err()
}

// rejected is how many lines were rejected, for whatever reason.
func (f figures) rejected() int {
	n := 0
	for _, c := range f.Rejected {
		n += c.Lines
	}
	return n
}

// left is how many lines are still to be done.
func (f figures) left() int { return f.Queue.Ready + f.Queue.Delayed + f.Queue.Leased }

// lines is how many lines the database knows of.
func (f figures) lines() int { return f.Invoiced + f.rejected() + f.left() + f.Queue.Dead }
