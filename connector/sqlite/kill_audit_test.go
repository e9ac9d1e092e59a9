package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/killing"
)

// killAhead is how much a queue holds for a child: more than one can do before it
// is killed.
const killAhead = 700

// killAudit is what a parent knows of the files of its children. It opens them
// after every kill.
type killAudit struct {
	settings killSettings
	shape    killShape
	from, to *DB              // while it looks
	since    map[string]int64 // how far each list was read
	gone     int              // the first so many transactions have left the queue
	states   []killState      // of each transaction that was ever queued, by number
	again    []int            // how many transactions were stored again, by the kill it is due to
	figures  killing.Figures
	faults   []error
}

// killState is what is known of a transaction. Children count from 1.
type killState struct {
	gone   bool             // it has left the queue
	dead   bool             // it is among the dead letters
	parts  [2]uint8         // which parts each store holds, a bit each
	told   [killParts]int32 // the last child that was about to store a part
	leased int32            // the last child that died holding it
	again  int32            // the last child that stored some of it again
}

func newKillAudit(settings killSettings) *killAudit {
	return &killAudit{settings: settings, shape: killShapes()[settings.Shape], since: map[string]int64{}, again: []int{0}}
}

// look looks at what a child has left behind, holds it against what it told, and
// sees to it that there is enough to do for the next.
func (a *killAudit) look(ctx context.Context, told []killing.Line) (err error) {
	if a.from, a.to, err = a.settings.files(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.from.Close(), a.to.Close()) }()
	left, err := a.left(ctx)
	if err == nil {
		err = a.read(ctx)
	}
	if err != nil {
		return err
	}
	a.hear(told, left)
	a.compare(left)
	if len(a.faults) > 0 {
		return errors.Join(a.faults[:min(len(a.faults), 10)]...)
	}
	if a.settings.Last {
		return a.end(ctx, len(left))
	}
	return a.topUp(ctx, killAhead-len(left))
}

func (a *killAudit) faultf(format string, args ...any) {
	a.faults = append(a.faults, fmt.Errorf(format, args...))
}

// child is the number of the child that was last alive.
func (a *killAudit) child() int32 { return int32(a.settings.Age) + 1 }

// state is that of a transaction, which must have been queued.
func (a *killAudit) state(id string) (*killState, killPart) {
	part, err := killPartOf(id)
	if err != nil || part.N < 0 || part.N >= len(a.states) {
		a.faultf("%s is there, and was never queued", id)
		return &killState{}, killPart{}
	}
	return &a.states[part.N], part
}

// left are the transactions in the queue, and whether the child had leased them.
func (a *killAudit) left(ctx context.Context) (map[int]bool, error) {
	left := map[int]bool{}
	err := a.from.read(ctx, func(r *sql.Rows) error {
		var id string
		var leased bool
		err := r.Scan(&id, &leased)
		_, part := a.state(id)
		left[part.N] = leased
		return err
	}, "SELECT id, state = 2 AND until > ? FROM ergon_messages WHERE queue = 'in'", killQueue(a.from).now())
	return left, err
}

// read takes in what has been stored since it looked last.
func (a *killAudit) read(ctx context.Context) error {
	if err := a.list(ctx, a.from, a.to, a.shape.dead, func(id string) {
		s, _ := a.state(id)
		s.dead = true
	}); err != nil {
		return err
	}
	for i, store := range a.shape.stores {
		if err := a.list(ctx, a.to, a.to, string(store), func(id string) {
			s, part := a.state(id)
			if s.parts[i]>>part.Part&1 == 1 {
				a.twice(id, s)
			}
			s.parts[i] |= 1 << part.Part
		}); err != nil {
			return err
		}
	}
	return nil
}

// list calls each for the ids that a query lists, which looks into one file or
// the other. A list that nobody has begun is empty.
func (a *killAudit) list(ctx context.Context, own, other *DB, query string, each func(id string)) error {
	db, table := other, strings.Fields(query)[4]
	if strings.HasPrefix(table, "ergon_dead") {
		db = own
	}
	var begun bool
	if err := db.read(ctx, func(r *sql.Rows) error { return r.Scan(&begun) },
		"SELECT count(*) FROM sqlite_schema WHERE name = ?", table); err != nil || !begun {
		return err
	}
	return db.read(ctx, func(r *sql.Rows) error {
		var at int64
		var ids string
		err := r.Scan(&at, &ids)
		a.since[query] = max(a.since[query], at)
		for id := range strings.FieldsSeq(ids) {
			each(id)
		}
		return err
	}, query, a.since[query])
}

// twice counts what a store without keys holds twice.
func (a *killAudit) twice(id string, s *killState) {
	switch {
	case !a.shape.grouped:
		a.faultf("%s is stored twice", id)
	case s.leased == 0:
		a.faultf("%s is stored twice, and no child died holding it", id)
	default:
		a.storedAgain(s, s.leased)
	}
}

// storedAgain counts a transaction of which a later child stores what one had
// stored already, once for each child.
func (a *killAudit) storedAgain(s *killState, before int32) {
	if s.again != a.child() {
		s.again = a.child()
		a.again[before]++
	}
}

// topUp puts fresh transactions into the queue.
func (a *killAudit) topUp(ctx context.Context, n int) error {
	var txs []ergon.Transaction[int]
	for range n {
		number := len(a.states)
		a.states = append(a.states, killState{})
		txs = append(txs, ergon.NewTransaction(killID(number), number))
	}
	return killQueue(a.from).Dispatch(ctx, txs)
}

// begin makes the files, with something to do in the queue.
func (a *killAudit) begin(ctx context.Context) (err error) {
	if a.from, a.to, err = a.settings.files(ctx); err != nil {
		return err
	}
	return errors.Join(a.topUp(ctx, killAhead), a.from.Close(), a.to.Close())
}
