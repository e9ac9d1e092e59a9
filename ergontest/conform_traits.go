package ergontest

// Traits are the abilities of a connector that no interface shows, and a few facts
// about it. What is declared is tested; what is not declared is not expected, and
// the matrix says so. The zero value declares nothing.
type Traits struct {
	// RealTime says that it cannot live in virtual time, as it waits for something
	// outside the process: a database, a broker. Files need not say so. Where time
	// has to pass, the Pass of the suite lets it.
	RealTime bool
	// Messages is how many transactions the tests under load use: 10,000 in virtual
	// time and 1,000 in real time unless set.
	Messages int

	// Order says that things are handed out, and stored, in the order in which they
	// came.
	Order bool
	// IDs says that ids are kept: those published are those handed out, and those
	// dispatched are those stored.
	IDs bool
	// Anonymous says that what is handed out has no ids.
	Anonymous bool
	// Metadata says that metadata is kept, value by value.
	Metadata bool
	// Durable says that what was published, settled and dispatched is safe: it
	// outlives the Restart of the suite.
	Durable bool

	// Waits says that a Fetch with nothing to hand out blocks until there is
	// something, or its context ends.
	Waits bool
	// Fixed says that a source that is open does not see what is published.
	Fixed bool
	// Ends says that Fetch returns io.EOF once everything was handed out and, where
	// the source settles, settled for good.
	Ends bool
	// Rewinds says that a source that does not settle begins at the first
	// transaction whenever it is started.
	Rewinds bool
	// Deliveries says that the source counts how often it hands something out.
	Deliveries bool
	// Delays says that the Delay of what is Returned is kept.
	Delays bool
	// Shared says that several sources may be open at once, which share what there is.
	Shared bool
	// Partitions says that the source is a partitioned log: what is settled out of
	// order may come again, and partitions are taken away and given back by the
	// Revoke and Rebalance of the suite.
	Partitions bool
	// Unheld says that what is published is not the source's before it is fetched,
	// and not counted: callers hold it who wait for a verdict.
	Unheld bool

	// Concurrent says that Dispatch may be called by several goroutines at once.
	Concurrent bool
	// Duplicates says that the sink does not know ids again: what is dispatched twice
	// is stored twice. A sink that does not say so must store it once.
	Duplicates bool
	// Atomic says that a Dispatch stores all or none.
	Atomic bool
	// Whole says that what is dispatched can be seen, and is safe, only after Stop,
	// and that each run puts a new whole in the place of the old one. A sink with a
	// method Whole that returns true need not say so.
	Whole bool
}

// messages is how many transactions a test under load uses.
func (t Traits) messages() int {
	switch {
	case t.Messages > 0:
		return t.Messages
	case t.RealTime:
		return 1000
	default:
		return 10_000
	}
}
