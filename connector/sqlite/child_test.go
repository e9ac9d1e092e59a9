package sqlite

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/killing"
)

func TestMain(m *testing.M) {
	os.Exit(killing.Main(m, map[string]killing.Job{
		"pipeline": killedPipeline,
		"write":    killedWriter,
		"open":     killedOpener,
		"consume":  consumer,
	}))
}

// consumer is the job of a child that fetches, waits to be told to go on, and then
// empties the queue.
func consumer(ctx context.Context, parent *killing.Parent) error {
	var file, word string
	if err := parent.Hear(&file); err != nil {
		return err
	}
	db, err := Open(ctx, file)
	if err != nil {
		return err
	}
	q := Queue(db, "orders", String())
	for {
		txs, err := q.Fetch(ctx, 7)
		if err != nil {
			return err
		}
		if n, err := q.Count(ctx); err != nil || n == 0 {
			return errors.Join(err, db.Close())
		}
		if len(txs) == 0 {
			continue
		}
		parent.Tell("fetched", idsOf(txs)...)
		if word == "" {
			if err := parent.Hear(&word); err != nil {
				return err
			}
		}
		if err := ack(ctx, q, txs); err != nil {
			return err
		}
	}
}

func ack(ctx context.Context, q *QueueConnector[string], txs []ergon.Transaction[string]) error {
	all := make([]ergon.Settlement[string], len(txs))
	for i, tx := range txs {
		all[i].Transaction = tx
	}
	return q.Settle(ctx, all)
}
