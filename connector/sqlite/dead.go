package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/ergon-go/ergon"
)

const (
	die = `
INSERT OR REPLACE INTO ergon_dead (queue, id, deliveries, died, undecodable, cause, metadata, payload)
SELECT queue, id, deliveries, ?4, ?5, ?6, metadata, payload
FROM ergon_messages WHERE position = ?1 AND lease = ?2 AND queue = ?3`

	bury = `DELETE FROM ergon_messages WHERE position = ? AND lease = ? AND queue = ?`

	// deadAfter reads a page at a time, so that a slow reader holds nothing open.
	deadAfter = `
SELECT position, id, deliveries, died, undecodable, cause, metadata, payload
FROM ergon_dead WHERE queue = ? AND position > ? ORDER BY position LIMIT 100`

	revive = `
INSERT INTO ergon_messages (queue, id, metadata, payload)
SELECT queue, id, metadata, payload FROM ergon_dead WHERE queue = ? AND id = ?
ON CONFLICT (queue, id) DO NOTHING`

	unbury = `DELETE FROM ergon_dead WHERE queue = ? AND id = ?`
)

// DeadLetter is a transaction that was set aside.
type DeadLetter[T any] struct {
	// Transaction is as it was enqueued, with the number of its deliveries. Its
	// payload is the zero value where Err says that it cannot be decoded.
	Transaction ergon.Transaction[T]
	Cause       string    // why, cut at ergon.LongestText
	Time        time.Time // when it was set aside
	Undecodable bool      // Fetch set it aside, because it could not be decoded
	Stored      []byte    // the payload as it is stored
	Err         error     // why the payload cannot be decoded now
}

// Format writes the id and the cause, quoted, whatever the verb.
func (d DeadLetter[T]) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "dead letter %q: %q", d.Transaction.ID(), d.Cause)
}

// LogValue logs the id and the cause.
func (d DeadLetter[T]) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", d.Transaction.ID()), slog.String("cause", d.Cause))
}

// DeadLetters yields the dead letters of the queue, the oldest first, until there
// is an error. It may be used while the queue is, by several at once, and again.
func (q *QueueConnector[T]) DeadLetters(ctx context.Context) iter.Seq2[DeadLetter[T], error] {
	return func(yield func(DeadLetter[T], error) bool) {
		if err := q.usable(ctx); err != nil {
			yield(DeadLetter[T]{}, err)
			return
		}
		position := int64(0)
		for {
			page, last, err := q.deadPage(ctx, position)
			for _, d := range page {
				if !yield(d, nil) {
					return
				}
			}
			if err != nil {
				yield(DeadLetter[T]{}, steered(err))
			}
			if err != nil || len(page) == 0 {
				return
			}
			position = last
		}
	}
}

func (q *QueueConnector[T]) deadPage(ctx context.Context, from int64) (page []DeadLetter[T], last int64, err error) {
	err = q.db.read(ctx, func(r *sql.Rows) error {
		var m message
		var d DeadLetter[T]
		var deliveries int
		var died int64
		if err := r.Scan(&last, &m.id, &deliveries, &died, &d.Undecodable, &d.Cause, &m.metadata, &m.payload); err != nil {
			return err
		}
		d.Transaction, d.Err = q.decode(m)
		d.Transaction = d.Transaction.WithDeliveries(deliveries)
		d.Time, d.Stored = time.Unix(0, died).UTC(), m.payload
		page = append(page, d)
		return nil
	}, deadAfter, q.name, from)
	return page, last, err
}

// Requeue puts dead letters back, behind everything that is queued, with no
// deliveries counted, and returns how many it put back. Ids that are no dead
// letters are passed over. When ctx ends while it is writing, Requeue returns the
// outcome all the same.
func (q *QueueConnector[T]) Requeue(ctx context.Context, ids ...string) (int, error) {
	if err := q.usable(ctx); err != nil || len(ids) == 0 {
		return 0, err
	}
	moved := 0
	err := q.db.write(ctx, &write{stay: true, rows: len(ids), do: func(t *tx) error {
		moved = 0
		for _, id := range ids {
			if _, err := t.exec(revive, q.name, id); err != nil {
				return fmt.Errorf("sqlite: requeue: %w", err)
			}
			n, err := t.exec(unbury, q.name, id)
			if err != nil {
				return fmt.Errorf("sqlite: requeue: %w", err)
			}
			moved += int(n)
		}
		return nil
	}})
	if err != nil {
		return 0, steered(err)
	}
	return moved, nil
}

// deadRow is a leased row that becomes a dead letter.
type deadRow struct {
	receipt
	undecodable bool
	cause       string
}

func (d deadRow) move(t *tx, queue string, now int64) error {
	n, err := t.exec(die, d.position, d.lease, queue, now, d.undecodable, d.cause)
	if err != nil || n == 0 {
		return err
	}
	_, err = t.exec(bury, d.position, d.lease, queue)
	return err
}

// bury sets aside what Fetch could not decode.
func (q *QueueConnector[T]) bury(ctx context.Context, rows []leased) error {
	if len(rows) == 0 {
		return nil
	}
	v := &verdicts{queue: q.name, now: q.now()}
	for _, row := range rows {
		v.dead = append(v.dead, deadRow{receipt: row.receipt, undecodable: true, cause: textOf(row.err)})
	}
	return q.db.write(ctx, &write{rows: len(rows), do: v.carryOut})
}

// textOf is what is kept of a cause. fmt survives an Error method that panics.
func textOf(cause error) string {
	if cause == nil {
		return ""
	}
	return shortened(fmt.Sprint(cause), ergon.LongestText)
}
