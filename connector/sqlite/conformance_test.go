package sqlite

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
)

// manyMessages is how many transactions the tests under load use: 500, or as
// ERGON_MESSAGES says.
func manyMessages(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ERGON_MESSAGES")
	if text == "" {
		return 500
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 100 {
		t.Fatalf("ERGON_MESSAGES is %q, and has to be a number of at least 100", text)
	}
	return n
}

// durable are the traits of what stands in a file.
func durable(t *testing.T) ergontest.Traits {
	return ergontest.Traits{
		RealTime: true, Messages: manyMessages(t),
		Order: true, IDs: true, Durable: true, Concurrent: true,
	}
}

// ground is a file, what has it open, and the clock of all of that.
type ground struct {
	path  string
	clock *fakeClock
	db    *DB
}

func newGround(t *testing.T) *ground {
	t.Helper()
	g := &ground{path: filepath.Join(t.TempDir(), "test.db"), clock: newClock()}
	g.restart(t)
	return g
}

// restart leaves what is open as it is, as somebody does who is killed.
func (g *ground) restart(t *testing.T) {
	t.Helper()
	g.db = openedAt(t, g.path, clock(g.clock.now))
}

// closed is a database that is not there any more.
func (g *ground) closed(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), g.path)
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// lock has another process write, for as long as it likes.
func (g *ground) lock(t *testing.T) (unlock func()) {
	t.Helper()
	db, err := sql.Open("sqlite", g.path)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		_, err := conn.ExecContext(context.Background(), "ROLLBACK")
		if err != nil || conn.Close() != nil || db.Close() != nil {
			t.Errorf("the other process: %v", err)
		}
	}
}

// rows are what a query returns, of an id, metadata and a payload each.
func (g *ground) rows(t *testing.T, query string) []ergon.Transaction[string] {
	t.Helper()
	rows, err := g.db.Reader().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var txs []ergon.Transaction[string]
	for rows.Next() {
		var id, payload string
		var stored []byte
		if err := rows.Scan(&id, &stored, &payload); err != nil {
			t.Fatal(err)
		}
		metadata, err := decodeMeta(stored)
		if err != nil {
			t.Fatal(err)
		}
		txs = append(txs, ergon.NewTransaction(id, payload).WithMetadata(metadata))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return txs
}

func (g *ground) queue() *QueueConnector[string] { return Queue(g.db, "orders", String()) }

func (g *ground) queued(t *testing.T) []ergon.Transaction[string] {
	t.Helper()
	return g.rows(t, "SELECT id, metadata, payload FROM ergon_messages WHERE queue = 'orders' ORDER BY position")
}

func (g *ground) dead(t *testing.T) []string {
	t.Helper()
	texts := []string{}
	for letter, err := range g.queue().DeadLetters(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, letter.Transaction.Payload())
	}
	return texts
}

func TestQueueConforms(t *testing.T) {
	traits := durable(t)
	traits.Metadata, traits.Deliveries, traits.Delays, traits.Shared = true, true, true, true
	ergontest.TestConnector(t, traits, func(t *testing.T) ergontest.ConnectorSuite[string] {
		g := newGround(t)
		return ergontest.ConnectorSuite[string]{
			Open:        func(*testing.T) ergon.Connector[string] { return g.queue() },
			Stored:      g.queued,
			Pass:        g.clock.advance,
			Restart:     g.restart,
			Down:        g.lock,
			Unreachable: func(t *testing.T) ergon.Connector[string] { return Queue(g.closed(t), "orders", String()) },
			Pending:     func(t *testing.T) int { return len(g.queued(t)) },
			Dead:        g.dead,
			Refused:     []ergon.Transaction[string]{ergon.NewTransaction("", "no id")},
		}
	})
}

// What was a dead letter and is put back is as good as new.
func TestAQueueOfWhatWasDeadConforms(t *testing.T) {
	traits := durable(t)
	traits.Metadata, traits.Deliveries, traits.Delays, traits.Shared = true, true, true, true
	traits.Order = false // it goes behind what is there
	traits.Messages = min(traits.Messages, 100)
	ergontest.TestSource(t, traits, func(t *testing.T) ergontest.SourceSuite[string] {
		g := newGround(t)
		return ergontest.SourceSuite[string]{
			Open:    func(*testing.T) ergon.Source[string] { return g.queue() },
			Publish: g.bury,
			Pass:    g.clock.advance,
			Restart: g.restart,
			Dead:    g.dead,
		}
	})
}

// bury enqueues transactions by way of the dead letters.
func (g *ground) bury(t *testing.T, txs ...ergon.Transaction[string]) {
	t.Helper()
	side := Queue(g.db, "side", String())
	enqueued(t, side, txs...)
	settled(t, side, fetched(t, side, len(txs)), ergon.Settlement[string]{Verdict: ergon.DeadLettered})
	if _, err := g.db.Exec(t.Context(), "UPDATE ergon_dead SET queue = 'orders' WHERE queue = 'side'"); err != nil {
		t.Fatal(err)
	}
	n, err := g.queue().Requeue(t.Context(), idsOf(txs)...)
	if err != nil || n != len(txs) {
		t.Fatalf("%d of %d were put back: %v", n, len(txs), err)
	}
}

// note is a row of a table that refuses some.
type note struct {
	Text string `db:"text"`
}

func TestTableConforms(t *testing.T) {
	ergontest.TestSink(t, durable(t), func(t *testing.T) ergontest.SinkSuite[note] {
		g := newGround(t)
		if _, err := g.db.Exec(t.Context(), "CREATE TABLE notes (id TEXT PRIMARY KEY, text TEXT CHECK (text <> 'refused'))"); err != nil {
			t.Fatal(err)
		}
		return ergontest.SinkSuite[note]{
			Open: func(*testing.T) ergon.Sink[note] { return Table(g.db, "notes", Fields[note]()) },
			Stored: func(t *testing.T) []ergon.Transaction[note] {
				t.Helper()
				var txs []ergon.Transaction[note]
				for _, tx := range g.rows(t, "SELECT id, x'', text FROM notes ORDER BY rowid") {
					txs = append(txs, tx.With(note{tx.Payload()}))
				}
				return txs
			},
			Payload:     func(text string) (note, bool) { return note{text}, true },
			Text:        func(n note) string { return n.Text },
			Pass:        g.clock.advance,
			Restart:     g.restart,
			Down:        g.lock,
			Unreachable: func(t *testing.T) ergon.Sink[note] { return Table(g.closed(t), "notes", Fields[note]()) },
			Refused:     []ergon.Transaction[note]{ergon.NewTransaction("bad", note{"refused"})},
		}
	})
}
