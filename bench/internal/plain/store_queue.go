package plain

import (
	"context"
	"database/sql"
	"strconv"
	"time"
)

// How much one transaction takes.
const (
	enqueued = 500
	fetched  = 100
	written  = 200
)

const (
	// insertRow leaves out a line that is known already: queued or done.
	insertRow = `
INSERT INTO queue (id, line, raw, fault, invoice, stock, quantity, date, price, customer)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
WHERE NOT EXISTS (SELECT 1 FROM invoices WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM rejected WHERE id = ?1)
ON CONFLICT (id) DO NOTHING`

	leaseRows = `
UPDATE queue SET ready = ?2, lease = lease + 1
WHERE position IN (SELECT position FROM queue WHERE ready <= ?1 ORDER BY position LIMIT ?3)
RETURNING position, lease, id, line, raw, fault, invoice, stock, quantity, date, price, customer`

	// heldRows are the rows of a JSON list of [position, lease] whose lease still is
	// that one.
	heldRows = `(SELECT q.position FROM json_each(?1) AS j CROSS JOIN queue AS q ON q.position = j.value ->> 0 WHERE q.lease = j.value ->> 1)`

	extendRows  = `UPDATE queue SET ready = ?2 WHERE position IN ` + heldRows
	removeRows  = `DELETE FROM queue WHERE position IN ` + heldRows
	giveBackRow = `UPDATE queue SET ready = ?3, lease = lease + 1 WHERE position = ?1 AND lease = ?2`

	// untilReady is when the next line is ready; NULL where none is left.
	untilReady = `SELECT min(ready) FROM queue`
)

// leased is a line that nobody else has until its lease is over.
type leased struct {
	record
	position, lease int64
}

// enqueue stores lines in one transaction.
func (s *store) enqueue(ctx context.Context, lines []record) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		insert := tx.StmtContext(ctx, s.insert) //nolint:sqlclosecheck // it goes with the transaction
		for _, r := range lines {
			f := r.fields
			if _, err := insert.ExecContext(ctx, r.id, r.line, []byte(r.raw), r.fault,
				[]byte(f[0]), []byte(f[1]), []byte(f[2]), []byte(f[3]), []byte(f[4]), []byte(f[5])); err != nil {
				return err
			}
		}
		return nil
	})
}

// fetch leases up to so many lines.
func (s *store) fetch(ctx context.Context, most int, lease time.Duration) ([]leased, error) {
	now := time.Now()
	rows, err := s.lease.QueryContext(ctx, now.UnixNano(), now.Add(lease).UnixNano(), most)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err says what went wrong
	lines := make([]leased, 0, most)
	for rows.Next() {
		var l leased
		f := &l.fields
		if err := rows.Scan(&l.position, &l.lease, &l.id, &l.line, &l.raw, &l.fault, &f[0], &f[1], &f[2], &f[3], &f[4], &f[5]); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, rows.Err()
}

// next returns when the next line is ready, and whether there is one at all.
func (s *store) next(ctx context.Context) (at time.Time, some bool, err error) {
	var ready sql.NullInt64
	if err := s.wait.QueryRowContext(ctx).Scan(&ready); err != nil {
		return at, false, err
	}
	return time.Unix(0, ready.Int64), ready.Valid, nil
}

// prolong gives lines a whole lease from now on.
func (s *store) prolong(ctx context.Context, lines map[int64]int64, lease time.Duration) error {
	var list pairs
	for position, lease := range lines {
		list.add(position, lease)
	}
	_, err := s.extend.ExecContext(ctx, list.text(), time.Now().Add(lease).UnixNano())
	return err
}

// pairs is a JSON list of pairs in the making.
type pairs struct{ json []byte }

func (h *pairs) add(position, lease int64) {
	separator := byte(',')
	if len(h.json) == 0 {
		separator = '['
	}
	h.json = strconv.AppendInt(append(h.json, separator, '['), position, 10)
	h.json = append(strconv.AppendInt(append(h.json, ','), lease, 10), ']')
}

func (h *pairs) text() string {
	if len(h.json) == 0 {
		return "[]"
	}
	return string(h.json) + "]"
}
