package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
)

// extend also revives a lease that ran out while nobody else took it.
const extend = `
UPDATE ergon_messages SET state = 2, until = ?3
WHERE position IN ` + held + `
RETURNING position, lease`

// Lease returns for how long a fetched transaction is kept from others.
func (q *QueueConnector[T]) Lease() time.Duration {
	if q == nil {
		return 0
	}
	return q.lease
}

// Extend prolongs leases to a full one from now. In ItemErrors, ErrLeaseLost says
// which are gone: taken by somebody else after they ran out, or settled.
func (q *QueueConnector[T]) Extend(ctx context.Context, txs []ergon.Transaction[T]) error {
	if err := q.usable(ctx); err != nil {
		return err
	}
	var wanted receipts
	for _, t := range txs {
		if r, ours := t.Receipt().(receipt); ours {
			wanted.add(r)
		}
	}
	kept, err := q.extend(ctx, wanted)
	if err != nil {
		return steered(err)
	}
	lost := make(ergon.ItemErrors, len(txs))
	for i, t := range txs {
		if r, ours := t.Receipt().(receipt); !ours || !kept[r] {
			lost[i] = ergon.ErrLeaseLost
		}
	}
	return reported(lost)
}

// extend returns the leases that were prolonged.
func (q *QueueConnector[T]) extend(ctx context.Context, wanted receipts) (map[receipt]bool, error) {
	if wanted.n == 0 {
		return nil, nil
	}
	kept := make(map[receipt]bool, wanted.n)
	err := q.db.write(ctx, &write{rows: wanted.n, do: func(t *tx) error {
		clear(kept)
		err := t.each(func(row *sql.Rows) error {
			var r receipt
			err := row.Scan(&r.position, &r.lease)
			kept[r] = true
			return err
		}, extend, wanted.list(), q.name, after(q.now(), q.lease))
		if err != nil {
			return fmt.Errorf("sqlite: extend: %w", err)
		}
		return nil
	}})
	if err != nil {
		return nil, err
	}
	return kept, nil
}
