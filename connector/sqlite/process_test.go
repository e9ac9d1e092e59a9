package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

// account is what children were told, as far as they could still say so.
type account struct {
	queued, acked map[string]bool
	acking        map[string]bool // of a child that was killed before it was told the outcome
	redelivered   int
	fetched       map[string]bool
}

// add follows a child from its n-th line to its death.
func (a *account) add(t *testing.T, p *process, n int) {
	t.Helper()
	open := map[string]bool{}
	for seen := 0; ; seen++ {
		if seen == n {
			p.kill()
		}
		what, ids, ok := p.line()
		if !ok {
			break
		}
		for _, id := range ids {
			a.hear(t, what, id, open)
		}
	}
	_ = p.cmd.Wait() // it was killed
	for id := range open {
		a.acking[id] = true
	}
}

func (a *account) hear(t *testing.T, what, id string, open map[string]bool) {
	t.Helper()
	switch what {
	case "queued":
		a.queued[id] = true
	case "fetched":
		if a.acked[id] {
			t.Errorf("%s was acked and came back", id)
		}
		if a.fetched[id] {
			a.redelivered++
		}
		a.fetched[id] = true
	case "acking":
		open[id] = true
	case "acked":
		delete(open, id)
		a.acked[id] = true
	}
}

func TestKilledAtAnyMomentNothingConfirmedIsLost(t *testing.T) {
	is := is.New(t)
	const kills = 20
	path := filepath.Join(t.TempDir(), "test.db")
	a := &account{queued: map[string]bool{}, acked: map[string]bool{}, acking: map[string]bool{}, fetched: map[string]bool{}}
	for run := range kills {
		// An hour later every time, so that what the one before had leased comes again.
		a.add(t, started(t, "work", path, run), 1+run*run/4)
	}
	db := openedAt(t, path, clock(func() time.Time { return time.Now().Add(kills * time.Hour) }))
	left := map[string]bool{}
	for _, tx := range drained(t, Queue(db, "orders", String())) {
		left[tx.ID()] = true
		is.Equal(tx.Payload(), tx.ID())
		is.True(!a.acked[tx.ID()]) // acked, and came back
	}
	for id := range a.queued {
		if !left[id] && !a.acked[id] && !a.acking[id] {
			t.Errorf("%s was confirmed and is lost", id)
		}
	}
	var check string
	is.NoErr(db.Reader().QueryRow("PRAGMA integrity_check").Scan(&check))
	is.Equal(check, "ok")
	is.True(len(a.acked) > 0)
	is.True(len(a.queued) > len(a.acked))
	is.True(a.redelivered > 0) // some kill found something in flight
	t.Logf("%d queued, %d acked, %d came again, %d left", len(a.queued), len(a.acked), a.redelivered, len(left))
}

// drained is all that a queue has ready.
func drained(t *testing.T, q *QueueConnector[string]) (all []ergon.Transaction[string]) {
	t.Helper()
	for {
		txs := fetched(t, q, 500)
		if len(txs) == 0 {
			return all
		}
		all = append(all, txs...)
	}
}

func TestTwoProcessesShareAQueue(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	q := Queue(openedAt(t, path), "orders", String())
	const n = 500
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
	}
	enqueued(t, q, texts(ids...)...)
	children := []*process{started(t, "consume", path, 0), started(t, "consume", path, 0)}
	times := map[string]int{}
	for _, p := range children { // each has leased something before either goes on
		what, ids, ok := p.line()
		is.True(ok)
		is.Equal(what, "fetched")
		for _, id := range ids {
			times[id]++
		}
	}
	for _, p := range children {
		_, err := p.stdin.Write([]byte("go\n"))
		is.NoErr(err)
	}
	for _, p := range children {
		for _, ids, ok := p.line(); ok; _, ids, ok = p.line() {
			for _, id := range ids {
				times[id]++
			}
		}
		is.NoErr(p.cmd.Wait())
	}
	is.Equal(len(times), n) // nothing is lost
	for id, k := range times {
		if k != 1 {
			t.Errorf("%s was delivered %d times", id, k)
		}
	}
	is.Equal(statsOf(t, q), Stats{})
}

func TestTwoHandlesOnOneFile(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	clk := newClock()
	a := Queue(openedAt(t, path, clock(clk.now)), "orders", String())
	b := Queue(openedAt(t, path, clock(clk.now)), "orders", String())
	enqueued(t, a, texts("1", "2", "3")...)
	enqueued(t, b, texts("3", "4")...)
	is.Equal(idsOf(fetched(t, a, 2)), []string{"1", "2"})
	mine := fetched(t, b, 9)
	is.Equal(idsOf(mine), []string{"3", "4"})
	settled(t, a, mine, ergon.Settlement[string]{Verdict: ergon.Acked}) // a receipt is good wherever the file is open
	is.Equal(statsOf(t, b), Stats{Leased: 2})
	clk.advance(time.Minute)
	is.Equal(idsOf(fetched(t, b, 9)), []string{"1", "2"})
	is.Equal(len(fetched(t, a, 9)), 0)
}
