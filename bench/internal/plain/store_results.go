package plain

import (
	"context"
	"database/sql"
	"time"
)

const (
	insertInvoice = `
INSERT INTO invoices (id, invoice, line, stock, date, customer, name, quantity, price, amount)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`

	insertRejected = `
INSERT INTO rejected (id, line, reason, stage, detail, text) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`
)

// write stores what became of lines and takes them out of the queue, in one
// transaction.
func (s *store) write(ctx context.Context, outcomes []outcome) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		invoices, rejected, back := tx.StmtContext(ctx, s.invoice), tx.StmtContext(ctx, s.reject), tx.StmtContext(ctx, s.giveBack) //nolint:sqlclosecheck // they go with the transaction
		now := time.Now()
		var done pairs
		for _, o := range outcomes {
			var err error
			switch {
			case o.invoice != nil:
				done.add(o.position, o.lease)
				i := o.invoice
				_, err = invoices.ExecContext(ctx, o.id, i.invoice, i.number, i.stock, i.date, i.customer, i.name, i.quantity, i.price, i.amount)
			case o.rejected != nil:
				done.add(o.position, o.lease)
				r := o.rejected
				_, err = rejected.ExecContext(ctx, o.id, o.line, r.reason, r.stage, r.detail, []byte(o.raw))
			default:
				_, err = back.ExecContext(ctx, o.position, o.lease, now.Add(o.again).UnixNano())
			}
			if err != nil {
				return err
			}
		}
		_, err := tx.StmtContext(ctx, s.remove).ExecContext(ctx, done.text()) //nolint:sqlclosecheck // it goes with the transaction
		return err
	})
}

// Figures are what the database holds.
type Figures struct {
	Invoiced, Rejected, Left int
	Total                    int64 // pence
}

func (s *store) figures(ctx context.Context) (Figures, error) {
	var f Figures
	err := s.db.QueryRowContext(ctx, `
SELECT (SELECT count(*) FROM invoices), (SELECT count(*) FROM rejected), (SELECT count(*) FROM queue),
	(SELECT coalesce(sum(amount), 0) FROM invoices)`).Scan(&f.Invoiced, &f.Rejected, &f.Left, &f.Total)
	return f, err
}
