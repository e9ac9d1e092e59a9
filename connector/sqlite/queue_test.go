package sqlite

import (
	"errors"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestFetchHandsOutInTheOrderOfEnqueueing(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", String())
	enqueued(t, q, texts("c", "a")...)
	enqueued(t, q, texts("b")...)
	is.Equal(idsOf(fetched(t, q, 2)), []string{"c", "a"})
	is.Equal(idsOf(fetched(t, q, 5)), []string{"b"})
	is.Equal(len(fetched(t, q, 5)), 0) // nothing is ready, and it says so at once
	is.Equal(len(fetched(t, q, 0)), 0)
	is.Equal(len(fetched(t, q, -1)), 0)
}

func TestFetchedTransactionIsAsItWasEnqueued(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", Bytes())
	tx := ergon.NewTransaction("id\x00\xff'; DROP TABLE ergon_messages; --", []byte{0, 255}).WithMeta("k", "v")
	enqueued(t, q, tx, ergon.NewTransaction[[]byte]("none", nil))
	got := fetched(t, q, 9)
	is.Equal(len(got), 2)
	is.Equal(got[0].ID(), tx.ID())
	is.Equal(got[0].Payload(), tx.Payload())
	is.Equal(got[0].Deliveries(), 1)
	v, ok := got[0].Metadata().Get[string]("k")
	is.True(ok)
	is.Equal(v, "v")
	is.Equal(len(got[1].Payload()), 0)
	is.True(got[0].Receipt() != nil)
}

func TestVerdicts(t *testing.T) {
	const lease = time.Minute
	tests := []struct {
		name       string
		settlement ergon.Settlement[string]
		after      Stats         // at once
		wait       time.Duration // then
		ids        []string      // comes again
		deliveries int           // of what comes again
	}{
		{"acked is gone", ergon.Settlement[string]{Verdict: ergon.Acked}, Stats{}, time.Hour, []string{}, 0},
		{"dead-lettered is set aside", ergon.Settlement[string]{Verdict: ergon.DeadLettered, Cause: errors.New("no")},
			Stats{Dead: 1}, time.Hour, []string{}, 0},
		{"released comes at once and was not delivered", ergon.Settlement[string]{Verdict: ergon.Released, Delay: time.Hour},
			Stats{Ready: 1}, 0, []string{"a"}, 1},
		{"returned without a delay comes at once", ergon.Settlement[string]{Verdict: ergon.Returned}, Stats{Ready: 1}, 0, []string{"a"}, 2},
		{"returned with a negative delay comes at once", ergon.Settlement[string]{Verdict: ergon.Returned, Delay: -1},
			Stats{Ready: 1}, 0, []string{"a"}, 2},
		{"returned does not come before its delay", ergon.Settlement[string]{Verdict: ergon.Returned, Delay: time.Second},
			Stats{Delayed: 1}, time.Second - 1, []string{}, 0},
		{"returned comes after its delay", ergon.Settlement[string]{Verdict: ergon.Returned, Delay: time.Second},
			Stats{Delayed: 1}, time.Second, []string{"a"}, 2},
		{"returned for ever does not overflow", ergon.Settlement[string]{Verdict: ergon.Returned, Delay: 1<<63 - 1},
			Stats{Delayed: 1}, 100 * 365 * 24 * time.Hour, []string{}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			clk := newClock()
			q := Queue(opened(t, clock(clk.now)), "orders", String(), Lease(lease))
			enqueued(t, q, texts("a")...)
			txs := fetched(t, q, 1)
			is.Equal(statsOf(t, q), Stats{Leased: 1})
			settled(t, q, txs, tt.settlement)
			is.Equal(statsOf(t, q), tt.after)
			clk.advance(tt.wait)
			again := fetched(t, q, 9)
			is.Equal(idsOf(again), tt.ids)
			if len(again) > 0 {
				is.Equal(again[0].Deliveries(), tt.deliveries)
			}
		})
	}
}

func TestManyVerdictsInOneCall(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", String())
	enqueued(t, q, texts("a", "d", "r", "t", "x", "f")...)
	txs := fetched(t, q, 6)
	is.Equal(len(txs), 6)
	err := q.Settle(t.Context(), []ergon.Settlement[string]{
		{Transaction: txs[0], Verdict: ergon.Acked},
		{Transaction: txs[1], Verdict: ergon.DeadLettered, Cause: errors.New("broken")},
		{Transaction: txs[2], Verdict: ergon.Released},
		{Transaction: txs[3], Verdict: ergon.Returned, Delay: time.Hour},
		{Transaction: txs[4], Verdict: 77},
		{Transaction: ergon.NewTransaction("foreign", "").WithReceipt("of another system"), Verdict: ergon.Acked},
	})
	items := ergon.ItemErrorsOf(err, 6)
	is.True(errors.Is(items[4], errVerdict)) // only what is no verdict fails
	for _, i := range []int{0, 1, 2, 3, 5} {
		is.NoErr(items[i])
	}
	is.Equal(statsOf(t, q), Stats{Ready: 1, Delayed: 1, Leased: 2, Dead: 1})
	n, err := q.Count(t.Context())
	is.NoErr(err)
	is.Equal(n, 4) // ready, delayed and leased
	is.NoErr(q.Settle(t.Context(), nil))
}

func TestStaleReceiptsChangeNothing(t *testing.T) {
	verdicts := []ergon.Verdict{ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned}
	past := []struct {
		name string
		do   func(t *testing.T, q *QueueConnector[string], clk *fakeClock, txs []ergon.Transaction[string])
		then Stats
	}{
		{"taken by another after the lease", func(t *testing.T, q *QueueConnector[string], clk *fakeClock, _ []ergon.Transaction[string]) {
			clk.advance(time.Minute)
			fetched(t, q, 1)
		}, Stats{Leased: 1}},
		{"acked", func(t *testing.T, q *QueueConnector[string], _ *fakeClock, txs []ergon.Transaction[string]) {
			settled(t, q, txs, ergon.Settlement[string]{Verdict: ergon.Acked})
		}, Stats{}},
		{"released", func(t *testing.T, q *QueueConnector[string], _ *fakeClock, txs []ergon.Transaction[string]) {
			settled(t, q, txs, ergon.Settlement[string]{Verdict: ergon.Released})
		}, Stats{Ready: 1}},
		{"returned", func(t *testing.T, q *QueueConnector[string], _ *fakeClock, txs []ergon.Transaction[string]) {
			settled(t, q, txs, ergon.Settlement[string]{Verdict: ergon.Returned, Delay: time.Hour})
		}, Stats{Delayed: 1}},
		{"dead-lettered", func(t *testing.T, q *QueueConnector[string], _ *fakeClock, txs []ergon.Transaction[string]) {
			settled(t, q, txs, ergon.Settlement[string]{Verdict: ergon.DeadLettered})
		}, Stats{Dead: 1}},
		{"dead-lettered and requeued", func(t *testing.T, q *QueueConnector[string], _ *fakeClock, txs []ergon.Transaction[string]) {
			settled(t, q, txs, ergon.Settlement[string]{Verdict: ergon.DeadLettered})
			if n, err := q.Requeue(t.Context(), "a"); n != 1 || err != nil {
				t.Fatal(n, err)
			}
		}, Stats{Ready: 1}},
	}
	for _, p := range past {
		for _, verdict := range verdicts {
			t.Run(p.name+" then "+verdict.String(), func(t *testing.T) {
				is := is.New(t)
				clk := newClock()
				q := Queue(opened(t, clock(clk.now)), "orders", String())
				enqueued(t, q, texts("a")...)
				txs := fetched(t, q, 1)
				p.do(t, q, clk, txs)
				settled(t, q, txs, ergon.Settlement[string]{Verdict: verdict, Delay: time.Minute})
				is.Equal(statsOf(t, q), p.then)
				is.True(errors.Is(q.Extend(t.Context(), txs), ergon.ErrLeaseLost))
				is.Equal(statsOf(t, q), p.then)
			})
		}
	}
}

func TestReceiptNeverFitsALaterTransaction(t *testing.T) {
	is := is.New(t)
	q := Queue(opened(t), "orders", String())
	enqueued(t, q, texts("a")...)
	first := fetched(t, q, 1)
	settled(t, q, first, ergon.Settlement[string]{Verdict: ergon.Acked})
	enqueued(t, q, texts("b")...) // as if in the place of the first
	second := fetched(t, q, 1)
	is.Equal(idsOf(second), []string{"b"})
	is.True(first[0].Receipt() != second[0].Receipt())
	settled(t, q, first, ergon.Settlement[string]{Verdict: ergon.Acked})
	is.Equal(statsOf(t, q), Stats{Leased: 1})
}

func TestReceiptOfAnotherQueueChangesNothing(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	q, other := Queue(db, "orders", String()), Queue(db, "others", String())
	enqueued(t, q, texts("a")...)
	settled(t, other, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.Acked})
	is.Equal(statsOf(t, q), Stats{Leased: 1})
}

func TestLease(t *testing.T) {
	is := is.New(t)
	clk := newClock()
	q := Queue(opened(t, clock(clk.now)), "orders", String(), Lease(10*time.Second))
	is.Equal(q.Lease(), 10*time.Second)
	enqueued(t, q, texts("a", "b")...)
	txs := fetched(t, q, 2)
	clk.advance(9 * time.Second)
	is.NoErr(q.Extend(t.Context(), txs[:1]))
	is.NoErr(q.Extend(t.Context(), nil))
	clk.advance(9 * time.Second)
	is.Equal(statsOf(t, q), Stats{Ready: 1, Leased: 1}) // b has run out, a was extended
	again := fetched(t, q, 2)
	is.Equal(idsOf(again), []string{"b"})
	is.Equal(again[0].Deliveries(), 2) // a lost lease counts as a delivery
	err := q.Extend(t.Context(), append(txs, ergon.NewTransaction("c", "").WithReceipt(7)))
	items := ergon.ItemErrorsOf(err, 3)
	is.NoErr(items[0])
	is.Equal(items[1], ergon.ErrLeaseLost) // b is somebody else's now
	is.Equal(items[2], ergon.ErrLeaseLost)
	settled(t, q, txs[:1], ergon.Settlement[string]{Verdict: ergon.Acked})
	settled(t, q, again, ergon.Settlement[string]{Verdict: ergon.Acked})
	is.Equal(statsOf(t, q), Stats{})
}

func TestLeaseThatRanOutStaysValidUntilSomebodyTakesIt(t *testing.T) {
	is := is.New(t)
	clk := newClock()
	q := Queue(opened(t, clock(clk.now)), "orders", String(), Lease(time.Second))
	enqueued(t, q, texts("a", "b", "c")...)
	txs := fetched(t, q, 3)
	clk.advance(time.Minute)
	settled(t, q, txs[:1], ergon.Settlement[string]{Verdict: ergon.Acked})
	is.NoErr(q.Extend(t.Context(), txs[1:2]))
	is.Equal(idsOf(fetched(t, q, 9)), []string{"c"})
	is.Equal(statsOf(t, q), Stats{Leased: 2})
}

func TestIDIsRemembered(t *testing.T) {
	const retention = 24 * time.Hour
	tests := []struct {
		name string
		do   func(q *QueueConnector[string], clk *fakeClock)
		want []string // what a second Dispatch of the same id leads to
	}{
		{"while it is ready", func(*QueueConnector[string], *fakeClock) {}, []string{"a"}},
		{"while it is leased", func(q *QueueConnector[string], _ *fakeClock) { fetched(t, q, 1) }, []string{}},
		{"while it is dead", func(q *QueueConnector[string], clk *fakeClock) {
			settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.DeadLettered})
			clk.advance(10 * retention)
		}, []string{}},
		{"after the ack", func(q *QueueConnector[string], clk *fakeClock) {
			settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.Acked})
			clk.advance(retention - 1)
		}, []string{}},
		{"no longer after the retention", func(q *QueueConnector[string], clk *fakeClock) {
			settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.Acked})
			clk.advance(retention)
		}, []string{"a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			clk := newClock()
			q := Queue(opened(t, clock(clk.now)), "orders", String(), Retention(retention))
			enqueued(t, q, texts("a")...)
			tt.do(q, clk)
			enqueued(t, q, texts("a", "a")...) // twice in one call, too
			is.Equal(idsOf(fetched(t, q, 9)), tt.want)
		})
	}
}

func TestForgottenIDsDoNotPileUp(t *testing.T) {
	is := is.New(t)
	clk := newClock()
	db := opened(t, clock(clk.now))
	q := Queue(db, "orders", String(), Retention(time.Hour))
	kept := func() (n int) {
		is.NoErr(db.Reader().QueryRow("SELECT count(*) FROM ergon_acked").Scan(&n))
		return n
	}
	enqueued(t, q, texts("a", "b", "c", "d")...)
	settled(t, q, fetched(t, q, 3), ergon.Settlement[string]{Verdict: ergon.Acked})
	is.Equal(kept(), 3)
	clk.advance(2 * time.Hour)
	settled(t, q, fetched(t, q, 1), ergon.Settlement[string]{Verdict: ergon.Acked})
	is.Equal(kept(), 1)
}

func TestQueuesInOneFileAreApart(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	a, b := Queue(db, "a", String()), Queue(db, "b", String())
	enqueued(t, a, texts("1")...)
	enqueued(t, b, texts("1")...)
	settled(t, a, fetched(t, a, 9), ergon.Settlement[string]{Verdict: ergon.DeadLettered})
	is.Equal(statsOf(t, a), Stats{Dead: 1})
	is.Equal(statsOf(t, b), Stats{Ready: 1})
	settled(t, b, fetched(t, b, 9), ergon.Settlement[string]{Verdict: ergon.Acked})
	n, err := b.Requeue(t.Context(), "1")
	is.NoErr(err)
	is.Equal(n, 0)
	is.Equal(statsOf(t, a), Stats{Dead: 1})
}

func TestAcceptsAllVerdicts(t *testing.T) {
	is := is.New(t)
	is.Equal(Queue(opened(t), "q", String()).Accepts().String(), "acked, dead-lettered, released, returned")
}

func TestTelemetryKnowsQueueAndTable(t *testing.T) {
	is := is.New(t)
	db := opened(t)
	is.Equal(Queue(db, "orders", String()).Destination(), ergon.Destination{System: "sqlite", Name: "orders"})
	is.Equal(Table(db, "invoices", Columns(func(s string) []any { return []any{s} }, "a")).Destination(), ergon.Destination{System: "sqlite", Name: "invoices"})
}
