package ergontest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// Case is one row of a Table: what goes into a pipeline, what goes wrong, and what
// is wanted of it. What is zero is not checked.
type Case[T any] struct {
	Name string
	// In are the payloads that the source has, with the ids "test:0", "test:1" and
	// so on. Wherever a transaction of the case is meant by a number, it is the
	// index into In.
	In []T
	// Transactions are what the source has behind In, for ids and metadata of their
	// own. Their numbers go on where those of In end.
	Transactions []ergon.Transaction[T]
	// Faults are what goes wrong.
	Faults []Fault

	// Want is what must be so at the end.
	Want []Want
	// Settled is the last verdict that the source was told of each transaction. Of a
	// dead letter that is Acked, once the sink for them has it.
	Settled []ergon.Verdict
	// Took is how long the runs took, in virtual time, exactly.
	Took time.Duration
	// Err is what the last run returned: found by errors.Is, or by its text in that
	// of the run. Where it is nil, the run must return no error.
	Err error

	// Once calls Run instead of Stream: a batch goes as soon as nothing more could
	// join it, and need not wait for its time.
	Once bool
	// Open keeps the source from saying that it has no more, once everything is
	// settled: the run goes on until it is stopped.
	Open bool
	// StopAfter ends the context of the run after some virtual time; 0 is never.
	StopAfter time.Duration
	// Within is how much virtual time each run has to end; 0 is LongestRun.
	Within time.Duration
	// Lease is how long the source leases what it hands out; 0: it does not.
	Lease time.Duration
	// Delivered is how often the source has handed out each transaction before.
	Delivered int
	// Accepts are the verdicts that the source accepts; 0 stands for all.
	Accepts ergon.Verdicts
}

// transactions returns what the source has.
func (c Case[T]) transactions() []ergon.Transaction[T] {
	txs := make([]ergon.Transaction[T], 0, len(c.In)+len(c.Transactions))
	for i, payload := range c.In {
		txs = append(txs, ergon.Numbered("test", int64(i), payload))
	}
	return append(txs, c.Transactions...)
}

// source returns where a case begins.
func (c Case[T]) source(txs []ergon.Transaction[T]) *Source[T] {
	s := SourceOf(txs...)
	s.Open, s.Verdicts, s.lease = c.Open, c.Accepts, c.Lease
	s.OnSettle = func(ctx context.Context, _ int, _ []ergon.Settlement[T]) error { return itemsIn(ctx) }
	for _, p := range s.parcels {
		p.delivered = c.Delivered
	}
	return s
}

// settings returns those of a run that begins when some time of the case has
// passed.
func (c Case[T]) settings(passed time.Duration) settings {
	s := settingsOf([]Option{Within(c.Within)})
	s.streaming, s.fails = !c.Once, c.Err != nil
	if c.StopAfter > passed {
		s.stopAfter = c.StopAfter - passed
	}
	return s
}

// mistakes returns what makes no sense in a case, before anything is run.
func (c Case[T]) mistakes(txs []ergon.Transaction[T]) []string {
	var all []string
	say := func(wrong bool, format string, args ...any) {
		if wrong {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	say(c.Settled != nil && len(c.Settled) != len(txs), "Settled has %d verdicts for %d transactions", len(c.Settled), len(txs))
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"Took", c.Took}, {"StopAfter", c.StopAfter}, {"Within", c.Within}, {"Lease", c.Lease}} {
		say(d.value < 0, "%s is %v: a time must not be negative", d.name, d.value)
	}
	say(c.Delivered < 0, "Delivered is %d", c.Delivered)
	ids := idsOf(txs)
	for i, id := range ids {
		say(id == "", "transaction %d has no id", i)
		say(id != "" && slices.Index(ids, id) < i, "transactions %d and %d have the same id, %q", slices.Index(ids, id), i, id)
	}
	for _, f := range c.Faults {
		all = append(all, f.mistakes(len(txs))...)
	}
	return all
}

// mistakes returns what makes no sense in a fault, of n transactions.
func (f Fault) mistakes(n int) []string {
	var all []string
	if f.act == 0 {
		return []string{"a Fault does nothing: begin it with At"}
	}
	for _, i := range f.place.nth {
		if i < 0 || i >= n {
			all = append(all, fmt.Sprintf("%v: there is no transaction %d, but %d of them, from 0", f, i, n))
		}
	}
	switch {
	case f.place.name == fetchPlace && len(f.place.nth) > 0:
		all = append(all, fmt.Sprintf("%v: a fetch is for no transaction in particular", f))
	case f.act == actError && len(f.errs) == 0, f.act == actStoredBut && f.errs[0] == nil, f.act == actError && f.times < 0 && f.errs[0] == nil:
		all = append(all, fmt.Sprintf("%v: it has no error", f))
	case (f.act == actSlow || f.act == actDeaf) && f.d <= 0:
		all = append(all, fmt.Sprintf("%v: it takes no time", f))
	}
	return all
}
