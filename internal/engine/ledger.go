package engine

import (
	"sync/atomic"

	"github.com/ergon-go/ergon"
)

// bucket is the row of the ledger in which a transaction ends.
type bucket uint8

const (
	succeeded bucket = iota
	dropped
	handled
	deadLettered
	returned
	releasedRow
	unsettled
	buckets
)

// books are the counts of a run.
type books struct {
	fetched, retries, bestEffort atomic.Int64
	rows                         [buckets]atomic.Int64
}

// ledger returns the account as it stands. Rows are read before the total, and
// what is fetched but in no row yet is in flight, so it always balances.
func (b *books) ledger() ergon.Ledger {
	row := func(i bucket) int64 { return b.rows[i].Load() }
	l := ergon.Ledger{
		Succeeded: row(succeeded), Dropped: row(dropped), Handled: row(handled), DeadLettered: row(deadLettered),
		Returned: row(returned), Released: row(releasedRow), Unsettled: row(unsettled),
		Retries: b.retries.Load(), BestEffort: b.bestEffort.Load(),
	}
	l.Fetched = b.fetched.Load()
	l.InFlight = l.Fetched - l.Settled() - l.Unsettled
	return l
}
