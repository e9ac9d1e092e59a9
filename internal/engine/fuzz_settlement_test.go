package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
)

// Each fetched transaction is accounted for here twice: by the engine, whose
// parts ends come from many goroutines, and by a list of what came of it and how
// each of those ended. A script of bytes says what comes of what.

// countSource is a source that keeps what it is told.
type countSource struct{ told []ergon.Settlement[int] }

func (*countSource) Fetch(context.Context, int) ([]ergon.Transaction[int], error) { return nil, nil }

func (*countSource) Accepts() ergon.Verdicts {
	return ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned)
}

func (s *countSource) Settle(_ context.Context, all []ergon.Settlement[int]) error {
	s.told = append(s.told, all...)
	return nil
}

// counting is a run of which only the accounts are used.
type counting struct {
	t       *testing.T
	source  *countSource
	pipe    *Pipe[int]
	scope   conc.WaitGroup
	origins []*counted
	spares  []*counted
	live    []*counted // one entry for each thing that has not ended
}

func newCounting(t *testing.T) *counting {
	steady := retry.Policy{Backoff: countRedelivery, BackoffMultiplier: 1, Jitter: retry.NoJitter}
	r := NewRun(t.Context(), Config{
		Name: "count", InFlight: 1000, MaxDeliveries: countDeliveries, Redelivery: steady,
		Settle: &Step{Name: "settle", Workers: 1, Buffer: 1000, Slab: 100, Timeout: time.Minute},
	})
	s := &countSource{}
	return &counting{t: t, source: s, pipe: NewPipe[int](r, s)}
}

// play does what two bytes ask for: what, and with which.
func (c *counting) play(op, with byte) {
	if op%8 == 0 || len(c.live) == 0 {
		c.fetch(int(with))
		return
	}
	i := int(with) % len(c.live)
	of := c.live[i]
	switch op % 8 {
	case 1:
		c.split(of, int(op/8))
	case 2:
		c.take(i)
		of.stored = true
		c.apart(func() { of.node.mark(stored); of.node.end() }, of)
	case 3:
		c.take(i)
		c.apart(of.node.end, of)
	case 4:
		c.take(i)
		c.fail(of, int(op/8))
	case 5:
		c.take(i)
		of.released = true
		c.apart(func() { of.node.mark(released); of.node.end() }, of)
	case 6:
		c.gather(i, 1+int(op/8)%4)
	case 7:
		c.odd(of, int(op/8))
	}
}

func (c *counting) fetch(deliveries int) {
	id := fmt.Sprint(len(c.origins))
	o := &c.pipe.newLot(1, nil).origins[0]
	*o.tx = ergon.NewTransaction(id, 0).WithDeliveries(deliveries % (countDeliveries + 2))
	*o.head = o.tx.With(struct{}{})
	c.pipe.run.take(1)
	model := &counted{node: &o.node, deliveries: o.head.Deliveries(), alive: 1}
	c.origins, c.live = append(c.origins, model), append(c.live, model)
}

// split makes k things more of one.
func (c *counting) split(of *counted, k int) {
	of.node.add(int64(k))
	of.alive += k
	for range k {
		c.live = append(c.live, of)
	}
}

// take takes one thing out: it ends, or becomes part of another.
func (c *counting) take(i int) {
	c.live[i] = c.live[len(c.live)-1]
	c.live = c.live[:len(c.live)-1]
}

// apart lets something end in a goroutine of its own, while the script goes on.
func (c *counting) apart(end func(), of *counted) {
	of.end()
	c.scope.Go(end)
}

func (c *counting) fail(of *counted, how int) {
	f := countFault{verdict: ergon.Returned, delay: unset}
	switch how % 4 {
	case 0:
		f.verdict = ergon.DeadLettered
	case 1:
		f.delay = time.Duration(how) * time.Second
	}
	of.faults = append(of.faults, f)
	c.apart(func() {
		of.node.fail(fault{err: errors.New("fault"), verdict: f.verdict, delay: f.delay})
		of.node.end()
	}, of)
}

// gather makes a group of up to n things, beginning with the i-th.
func (c *counting) gather(i, n int) {
	var items []Item[int]
	g := &counted{alive: 1}
	for ; n > 0 && i < len(c.live); n-- {
		m := c.live[i]
		c.take(i)
		if m.isSpare {
			c.apart(m.node.end, m) // its copies take no part here
			continue
		}
		items = append(items, Item[int]{node: m.node})
		g.members = append(g.members, m)
	}
	if len(items) == 0 {
		return
	}
	g.node = newGroup[int, []int](c.pipe.run, items).node
	c.live = append(c.live, g)
}

// odd does what is rare: a copy for a branch that nobody waits for, a lost lease.
func (c *counting) odd(of *counted, how int) {
	if how%2 == 0 {
		s := newSpare(c.pipe.run, of.node, *of.node.head)
		model := &counted{node: &s.node, alive: 1, isSpare: true}
		c.spares, c.live = append(c.spares, model), append(c.live, model)
		return
	}
	if of.members == nil && !of.isSpare { // leases are those of what was fetched
		of.lost = true
		of.node.mark(lost)
	}
}

// end lets all end that has not, and compares.
func (c *counting) end() {
	for len(c.live) > 0 {
		of := c.live[0]
		c.take(0)
		c.apart(of.node.end, of)
	}
	c.scope.Wait()
	synctest.Wait()
	var want [buckets]int64
	told := map[string]ergon.Settlement[int]{}
	for _, s := range c.source.told {
		if _, twice := told[s.Transaction.ID()]; twice {
			c.t.Fatalf("%v was settled twice", s.Transaction)
		}
		told[s.Transaction.ID()] = s
	}
	for i, o := range c.origins {
		got, settled := told[fmt.Sprint(i)]
		want[o.check(c.t, i, got, settled)]++
	}
	c.balance(want)
}

// close lets the run's goroutines end, whatever was found.
func (c *counting) close() {
	c.pipe.run.wound.Store(true)
	close(c.pipe.run.over)
	c.pipe.run.wrapUp()
}

// balance compares the books.
func (c *counting) balance(want [buckets]int64) {
	r := c.pipe.run
	for row := range buckets {
		if got := r.books.rows[row].Load(); got != want[row] {
			c.t.Fatalf("row %d: %d, not %d", row, got, want[row])
		}
	}
	spoiled := int64(0)
	for _, s := range c.spares {
		if s.released || len(s.faults) > 0 {
			spoiled++
		}
	}
	ledger := r.Ledger()
	if !ledger.Balanced() || ledger.InFlight != 0 || r.slots.Load() != 0 || r.extras.Load() != 0 || ledger.BestEffort != spoiled {
		c.t.Fatalf("%v, %d slots, %d extras, %d spoiled", ledger, r.slots.Load(), r.extras.Load(), spoiled)
	}
}

// FuzzSettlementCounter holds that a transaction is settled once, when the last
// thing that came of it has ended, with the worst verdict of them all.
func FuzzSettlementCounter(f *testing.F) {
	mixed := make([]byte, 600)
	for i := range mixed {
		mixed[i] = byte(i*59 + i/5)
	}
	f.Add(mixed)
	f.Add([]byte{})
	f.Add([]byte{0, 0, 25, 0, 4, 0, 2, 0, 3, 0, 6, 0})               // a split, then each end there is
	f.Add([]byte{0, 1, 0, 2, 0, 3, 30, 0, 25, 0, 4, 0, 2, 0})        // a group that is split
	f.Add([]byte{0, 6, 12, 0, 0, 6, 20, 0, 0, 0, 13, 0, 0, 0, 4, 0}) // failures of one that came often
	f.Add([]byte{0, 0, 15, 0, 0, 0, 7, 1, 4, 2, 2, 1, 2, 0})         // a lost lease, a copy
	f.Add([]byte{0, 0, 0, 0, 14, 0, 2, 0})                           // a group that is stored
	f.Add([]byte{0, 0, 0, 0, 14, 0, 5, 0})                           // one that is released
	f.Add([]byte{0, 0, 7, 0, 7, 0, 5, 1, 4, 1, 2, 0})                // copies that are lost
	f.Add(slices.Concat([]byte{0, 6, 161, 0}, slices.Repeat([]byte{20, 0}, 16), []byte{12, 0}))
	f.Fuzz(func(t *testing.T, script []byte) {
		script = script[:min(len(script), 2000)]
		synctest.Test(t, func(t *testing.T) {
			c := newCounting(t)
			defer c.close()
			for pair := range slices.Chunk(script, 2) {
				c.play(pair[0], pair[len(pair)-1])
			}
			c.end()
		})
	})
}
