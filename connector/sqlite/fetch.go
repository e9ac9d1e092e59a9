package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/ergon-go/ergon"
)

const (
	// anyReady keeps an idle consumer from asking for the lock.
	anyReady = `
SELECT EXISTS (SELECT 1 FROM ergon_messages WHERE queue = ?1 AND state = 0)
    OR EXISTS (SELECT 1 FROM ergon_messages WHERE queue = ?1 AND state > 0 AND until <= ?2)`

	// wake makes ready what was delayed, or leased, until now. The lease stays
	// valid: nobody else has it yet.
	wake = `UPDATE ergon_messages SET state = 0 WHERE queue = ? AND state > 0 AND until <= ?`

	lease = `
UPDATE ergon_messages SET state = 2, until = ?3, lease = lease + 1, deliveries = deliveries + 1
WHERE position IN (SELECT position FROM ergon_messages WHERE queue = ?1 AND state = 0 ORDER BY position LIMIT ?2)
RETURNING position, lease, id, deliveries, metadata, payload`
)

// receipt is a lease: a row, and which of its hand-overs this one is.
type receipt struct{ position, lease int64 }

// leased is a row that Fetch has taken.
type leased struct {
	receipt
	message
	deliveries int
}

// Fetch leases up to max transactions that are ready, in the order in which they
// were enqueued, and counts the delivery. It returns at once when nothing is
// ready. What it has leased it returns, even if ctx has ended meanwhile.
//
// What cannot be decoded is moved to the dead letters, with its cause, so that it
// cannot block the queue; Stats counts it, and Requeue puts it back.
func (q *QueueConnector[T]) Fetch(ctx context.Context, max int) ([]ergon.Transaction[T], error) {
	if err := q.usable(ctx); err != nil || max < 1 {
		return nil, err
	}
	for {
		if some, err := q.worthIt(ctx); err != nil || !some {
			return nil, steered(err)
		}
		rows, err := q.take(ctx, max)
		if err != nil {
			return nil, steered(err)
		}
		q.idle.Store(len(rows) == 0)
		txs, bad := q.decoded(rows)
		if err := q.bury(ctx, bad); err != nil {
			return txs, steered(err)
		}
		if len(txs) > 0 || len(rows) == 0 {
			return txs, nil
		}
	}
}

// worthIt reports whether to ask for the lock. While there was something every
// time, to look first would only be one more query.
func (q *QueueConnector[T]) worthIt(ctx context.Context) (some bool, err error) {
	if !q.idle.Load() {
		return true, nil
	}
	err = q.db.read(ctx, func(r *sql.Rows) error { return r.Scan(&some) }, anyReady, q.name, q.now())
	return some, err
}

// take stays until it knows: rows leased for nobody would have to wait for the
// end of their lease.
func (q *QueueConnector[T]) take(ctx context.Context, max int) ([]leased, error) {
	var rows []leased
	err := q.db.write(ctx, &write{stay: true, rows: max, do: func(t *tx) error {
		rows = rows[:0]
		now := q.now()
		if _, err := t.exec(wake, q.name, now); err != nil {
			return fmt.Errorf("sqlite: fetch: %w", err)
		}
		err := t.each(func(r *sql.Rows) error {
			var l leased
			err := r.Scan(&l.position, &l.lease, &l.id, &l.deliveries, &l.metadata, &l.payload)
			rows = append(rows, l)
			return err
		}, lease, q.name, max, after(now, q.lease))
		if err != nil {
			return fmt.Errorf("sqlite: fetch: %w", err)
		}
		return nil
	}})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b leased) int { return cmp.Compare(a.position, b.position) })
	return rows, nil
}

// decoded returns the transactions in rows, and the rows in which there is none.
func (q *QueueConnector[T]) decoded(rows []leased) (txs []ergon.Transaction[T], bad []leased) {
	for _, row := range rows {
		t, err := q.decode(row.message)
		if err != nil {
			row.err = err
			bad = append(bad, row)
			continue
		}
		txs = append(txs, t.WithDeliveries(row.deliveries).WithReceipt(row.receipt))
	}
	return txs, bad
}

func (q *QueueConnector[T]) decode(m message) (ergon.Transaction[T], error) {
	metadata, err := decodeMeta(m.metadata)
	if err != nil {
		return ergon.NewTransaction[T](m.id, *new(T)), err
	}
	payload, err := guarded(q.codec.Decode, m.payload)
	if err != nil {
		return ergon.NewTransaction[T](m.id, *new(T)).WithMetadata(metadata), fmt.Errorf("the payload cannot be decoded: %w", err)
	}
	return ergon.NewTransaction(m.id, payload).WithMetadata(metadata), nil
}
