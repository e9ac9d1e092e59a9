package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/ergon-go/ergon"
)

// held are the rows of a JSON list of [position, lease, ...] whose lease still is
// that one. CROSS JOIN keeps SQLite from starting at the other end.
const held = `(SELECT m.position FROM json_each(?1) AS j CROSS JOIN ergon_messages AS m ON m.position = j.value ->> 0
	WHERE m.lease = j.value ->> 1 AND m.queue = ?2)`

const (
	remember = `
INSERT OR REPLACE INTO ergon_acked (queue, id, until)
SELECT queue, id, ?3 FROM ergon_messages WHERE position IN ` + held

	remove = `DELETE FROM ergon_messages WHERE position IN ` + held

	release = `
UPDATE ergon_messages SET state = 0, until = 0, lease = lease + 1, deliveries = max(deliveries - 1, 0)
WHERE position IN ` + held

	// delay reads until when from the list, whose third numbers say it. The plus
	// keeps SQLite from looking at every row of the queue.
	delay = `
UPDATE ergon_messages SET state = 1, lease = lease + 1, until = j.value ->> 2
FROM json_each(?1) AS j
WHERE position = j.value ->> 0 AND lease = j.value ->> 1 AND +queue = ?2`

	// forget removes a few ids whose retention is over: more than are added, so
	// that they do not pile up.
	forget = `
DELETE FROM ergon_acked WHERE (queue, id) IN
	(SELECT queue, id FROM ergon_acked WHERE queue = ?1 AND until <= ?2 ORDER BY until LIMIT ?3)`
)

var errVerdict = errors.New("sqlite: no such verdict")

// Settle carries out verdicts. Acked deletes and remembers the id; DeadLettered
// moves to the dead letters, with the text of the cause cut at LongestText;
// Released makes ready at once and takes the delivery back; Returned makes ready
// after the delay. nil means that all is on disk. A receipt that is stale, because
// its lease ran out and somebody else has it, or because it is settled, changes
// nothing and is no error; nor is one of another queue.
func (q *QueueConnector[T]) Settle(ctx context.Context, settlements []ergon.Settlement[T]) error {
	if err := q.usable(ctx); err != nil {
		return err
	}
	v := q.sorted(settlements)
	if !v.empty() {
		if err := q.db.write(ctx, &write{rows: len(settlements), do: v.carryOut}); err != nil {
			return steered(err)
		}
	}
	return reported(v.refusals)
}

// verdicts are settlements by what has to be done.
type verdicts struct {
	queue                     string
	now, remembered           int64
	acked, released, returned receipts
	dead                      []deadRow
	refusals                  ergon.ItemErrors
}

func (q *QueueConnector[T]) sorted(settlements []ergon.Settlement[T]) *verdicts {
	now := q.now()
	v := &verdicts{queue: q.name, now: now, remembered: after(now, q.retention), refusals: make(ergon.ItemErrors, len(settlements))}
	for i, s := range settlements {
		if s.Verdict > ergon.Returned {
			v.refusals[i] = ergon.Permanent(fmt.Errorf("%w: %s", errVerdict, s.Verdict))
			continue
		}
		if r, ours := s.Transaction.Receipt().(receipt); ours {
			v.add(r, s.Verdict, s.Delay, s.Cause)
		}
	}
	return v
}

func (v *verdicts) add(r receipt, verdict ergon.Verdict, d time.Duration, cause error) {
	switch verdict {
	case ergon.Acked:
		v.acked.add(r)
	case ergon.Released:
		v.released.add(r)
	case ergon.Returned:
		v.returned.add(r, after(v.now, d))
	case ergon.DeadLettered:
		v.dead = append(v.dead, deadRow{receipt: r, cause: textOf(cause)})
	}
}

func (v *verdicts) empty() bool {
	return v.acked.n+v.released.n+v.returned.n+len(v.dead) == 0
}

// carryOut runs in the writer: all that it reads is its own.
func (v *verdicts) carryOut(t *tx) error {
	err := v.ack(t)
	if err == nil && v.released.n > 0 {
		_, err = t.exec(release, v.released.list(), v.queue)
	}
	if err == nil && v.returned.n > 0 {
		_, err = t.exec(delay, v.returned.list(), v.queue)
	}
	for _, d := range v.dead {
		if err == nil {
			err = d.move(t, v.queue, v.now)
		}
	}
	if err != nil {
		return fmt.Errorf("sqlite: settle: %w", err)
	}
	return nil
}

func (v *verdicts) ack(t *tx) error {
	if v.acked.n == 0 {
		return nil
	}
	if _, err := t.exec(remember, v.acked.list(), v.queue, v.remembered); err != nil {
		return err
	}
	if _, err := t.exec(remove, v.acked.list(), v.queue); err != nil {
		return err
	}
	_, err := t.exec(forget, v.queue, v.now, 2*v.acked.n+16)
	return err
}

// receipts is a JSON list in the making.
type receipts struct {
	json []byte
	n    int
}

func (r *receipts) add(of receipt, more ...int64) {
	if r.n == 0 {
		r.json = append(r.json, '[')
	} else {
		r.json = append(r.json, ',')
	}
	r.n++
	r.json = strconv.AppendInt(append(r.json, '['), of.position, 10)
	r.json = strconv.AppendInt(append(r.json, ','), of.lease, 10)
	for _, n := range more {
		r.json = strconv.AppendInt(append(r.json, ','), n, 10)
	}
	r.json = append(r.json, ']')
}

func (r *receipts) list() string {
	if r.n == 0 {
		return "[]"
	}
	return string(r.json) + "]"
}
