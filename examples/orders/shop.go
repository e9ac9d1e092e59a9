package main

import (
	"context"
	"errors"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/connector/sqlite"
)

// shop is the database: the queue, and the tables it is worked off into.
type shop struct {
	db       *sqlite.DB
	queue    *sqlite.QueueConnector[ergon.Record]
	invoices *sqlite.TableSink[invoice]
	rejected *sqlite.TableSink[rejection]
}

// openShop opens the database and makes what is missing in it.
func openShop(ctx context.Context, path string, f flags) (*shop, error) {
	db, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &shop{
		db:       db,
		queue:    sqlite.Queue(db, "orders", recordCodec{}, sqlite.Lease(f.lease)),
		invoices: sqlite.Table(db, "invoices", sqlite.Fields[invoice](), sqlite.Create()),
		rejected: sqlite.Table(db, "rejected", sqlite.Fields[rejection](), sqlite.Create()),
	}
	_, err = db.Exec(ctx, "CREATE TABLE IF NOT EXISTS exports (name TEXT PRIMARY KEY, label TEXT NOT NULL, queued INTEGER NOT NULL DEFAULT 0) STRICT")
	if err := errors.Join(err, s.invoices.Start(ctx), s.rejected.Start(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// begun notes that an export is being queued.
func (s *shop) begun(ctx context.Context, e export) error {
	_, err := s.db.Exec(ctx, "INSERT INTO exports (name, label) VALUES (?, ?) ON CONFLICT DO NOTHING", e.name, e.label)
	return err
}

// queued notes that an export is queued to its end.
func (s *shop) queued(ctx context.Context, e export) error {
	_, err := s.db.Exec(ctx, "UPDATE exports SET queued = 1 WHERE name = ?", e.name)
	return err
}

// exports reports whether the database knows exports that were not generated,
// and the labels of those that were not queued to their end.
func (s *shop) exports(ctx context.Context) (known bool, torn []string, err error) {
	rows, err := s.db.Reader().QueryContext(ctx, "SELECT label, queued FROM exports ORDER BY label")
	if err != nil {
		return false, nil, err
	}
	defer func() { _ = rows.Close() }() // Err says what went wrong
	for rows.Next() {
		var label string
		var queued bool
		if err := rows.Scan(&label, &queued); err != nil {
			return false, nil, err
		}
		known = known || label != generatedLabel
		if !queued {
			torn = append(torn, label)
		}
	}
	return known, torn, rows.Err()
}
