package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/ergon-go/ergon"
)

const (
	count = `
SELECT (SELECT count(*) FROM ergon_messages WHERE queue = ?1 AND state = 0)
     + (SELECT count(*) FROM ergon_messages WHERE queue = ?1 AND state > 0)`

	stats = `
SELECT (SELECT count(*) FROM ergon_messages WHERE queue = ?1 AND state = 0)
     + (SELECT count(*) FROM ergon_messages WHERE queue = ?1 AND state > 0 AND until <= ?2),
       (SELECT count(*) FROM ergon_messages WHERE queue = ?1 AND state > 0 AND until > ?2 AND state = 1),
       (SELECT count(*) FROM ergon_messages WHERE queue = ?1 AND state > 0 AND until > ?2 AND state = 2),
       (SELECT count(*) FROM ergon_dead WHERE queue = ?1),
       (SELECT count(*) FROM ergon_dead WHERE queue = ?1 AND undecodable)`

	// find asks both tables in one statement, so that what moves from
	// one to the other meanwhile is not missed.
	find = `
SELECT id, deliveries, metadata, payload FROM ergon_messages WHERE queue = ?1 AND id = ?2
UNION ALL
SELECT id, deliveries, metadata, payload FROM ergon_dead WHERE queue = ?1 AND id = ?2
LIMIT 1`
)

// Stats is what a queue holds at one moment.
type Stats struct {
	Ready   int // could be fetched now, those whose lease ran out included
	Delayed int // returned, and not due yet
	Leased  int // fetched, and neither settled nor run out
	Dead    int // dead letters

	// Undecodable is how many of the dead letters Fetch has set aside, because
	// they could not be decoded.
	Undecodable int
}

// Stats counts what the queue holds. Its cost grows with the number.
func (q *QueueConnector[T]) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	if err := q.usable(ctx); err != nil {
		return s, err
	}
	err := q.db.read(ctx, func(r *sql.Rows) error {
		return r.Scan(&s.Ready, &s.Delayed, &s.Leased, &s.Dead, &s.Undecodable)
	}, stats, q.name, q.now())
	return s, steered(err)
}

// Count returns how many transactions are ready, delayed or leased: dead letters
// are not among them.
func (q *QueueConnector[T]) Count(ctx context.Context) (int, error) {
	if err := q.usable(ctx); err != nil {
		return 0, err
	}
	n := 0
	err := q.db.read(ctx, func(r *sql.Rows) error { return r.Scan(&n) }, count, q.name)
	return n, steered(err)
}

// Find returns a transaction that the queue holds, or has as a dead letter, as it
// was enqueued. It leases nothing: what it returns has no receipt, and to settle
// it changes nothing. It returns ErrNotFound for an id that is unknown or acked,
// and a Business error for what cannot be decoded.
func (q *QueueConnector[T]) Find(ctx context.Context, id string) (ergon.Transaction[T], error) {
	var none ergon.Transaction[T]
	if err := q.usable(ctx); err != nil {
		return none, err
	}
	var m message
	deliveries, found := 0, false
	err := q.db.read(ctx, func(r *sql.Rows) error {
		found = true
		return r.Scan(&m.id, &deliveries, &m.metadata, &m.payload)
	}, find, q.name, id)
	switch {
	case err != nil:
		return none, steered(err)
	case !found:
		return none, ergon.ErrNotFound
	}
	t, err := q.decode(m)
	if err != nil {
		return none, ergon.Business(fmt.Errorf("sqlite: find: %w", err))
	}
	return t.WithDeliveries(deliveries), nil
}
