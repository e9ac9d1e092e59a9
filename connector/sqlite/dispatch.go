package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
)

// enqueue leaves out an id that the queue holds, has set aside or has seen acked
// within the retention.
const enqueue = `
INSERT INTO ergon_messages (queue, id, metadata, payload)
SELECT ?1, ?2, ?3, ?4
WHERE NOT EXISTS (SELECT 1 FROM ergon_dead WHERE queue = ?1 AND id = ?2)
  AND NOT EXISTS (SELECT 1 FROM ergon_acked WHERE queue = ?1 AND id = ?2 AND until > ?5)
ON CONFLICT (queue, id) DO NOTHING`

var (
	errNoID   = errors.New("sqlite: the transaction has no id")
	errEncode = errors.New("sqlite: the payload cannot be encoded")
)

// message is a transaction as it is stored. err is why it is not.
type message struct {
	id                string
	metadata, payload []byte
	err               error
}

// Dispatch enqueues transactions. nil means that all are on disk. One whose id
// the queue holds, has as a dead letter or has seen acked within the retention is
// done already. One without an id, or whose payload cannot be encoded or is
// larger than a row can be (1 GB), is refused as a Business error in
// ItemErrors, and the others are stored.
//
// It returns as soon as ctx ends; what was being written then may be stored.
func (q *QueueConnector[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	if err := q.usable(ctx); err != nil {
		return err
	}
	messages, refusals := q.encoded(txs)
	if len(messages) == 0 {
		return reported(refusals)
	}
	err := q.db.write(ctx, &write{rows: len(messages), do: func(t *tx) error { return q.insert(t, messages) }})
	if err != nil {
		return steered(err)
	}
	for i := range messages {
		if messages[i].err != nil {
			refusals[i] = messages[i].err
		}
	}
	return reported(refusals)
}

// encoded returns what can be stored, and why the others cannot; both are as long
// as txs, unless nothing can be.
func (q *QueueConnector[T]) encoded(txs []ergon.Transaction[T]) ([]message, ergon.ItemErrors) {
	messages, refusals := make([]message, len(txs)), make(ergon.ItemErrors, len(txs))
	some := false
	for i, t := range txs {
		messages[i], refusals[i] = q.encode(t)
		messages[i].err = refusals[i]
		some = some || refusals[i] == nil
	}
	if !some {
		return nil, refusals
	}
	return messages, refusals
}

func (q *QueueConnector[T]) encode(t ergon.Transaction[T]) (message, error) {
	if t.ID() == "" {
		return message{}, ergon.Business(errNoID)
	}
	payload, err := guarded(q.codec.Encode, t.Payload())
	if err != nil {
		return message{}, ergon.Business(fmt.Errorf("%w: %w", errEncode, err))
	}
	if payload == nil {
		payload = []byte{} // nil would be NULL
	}
	m := message{id: t.ID(), metadata: encodeMeta(t.Metadata()), payload: payload}
	if err := sized(len(m.id) + len(m.metadata) + len(m.payload)); err != nil {
		return message{}, ergon.Business(err)
	}
	return m, nil
}

// insert runs in the writer, which may go on after Dispatch has returned: all it
// reads and writes is its own.
func (q *QueueConnector[T]) insert(t *tx, messages []message) error {
	now := q.now()
	for i := range messages {
		m := &messages[i]
		if m.id == "" {
			continue
		}
		_, err := t.exec(enqueue, q.name, m.id, m.metadata, m.payload, now)
		switch {
		case err == nil:
			m.err = nil
		case refused(err):
			m.err = ergon.Business(fmt.Errorf("sqlite: enqueue: %w", err))
		default:
			return fmt.Errorf("sqlite: enqueue: %w", err)
		}
	}
	return nil
}

// reported is nil where nothing failed.
func reported(items ergon.ItemErrors) error {
	for _, err := range items {
		if err != nil {
			return items
		}
	}
	return nil
}
