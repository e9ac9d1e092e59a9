package ergon

import "time"

// Snapshot is a run as it stands. It is read while the run goes on, so figures that
// belong together may be some items apart; the Ledger in it balances.
type Snapshot struct {
	Pipeline  string
	Began     time.Time
	Ended     time.Time // zero while it goes on
	Streaming bool      // it was started by Stream
	Draining  bool      // it was told to stop, or nothing more will be fetched
	Ledger    Ledger
	Source    Destination     // where it takes from, if that is known
	Oldest    time.Duration   // how long ago the oldest was fetched that is not settled yet; 0: there is none
	Stages    []StageSnapshot // stages, sinks and handlers, in the order of the chain; then what settles
}

// StageSnapshot is a stage, a sink or a handler of a run as it stands.
type StageSnapshot struct {
	Name string
	Node string // id of its node in the graph of the pipeline, see pipeline.Topology; empty for what settles
	Kind Kind   // of the events of its calls: KindAttempt, KindDispatch, KindHandler, KindSuccess, KindSettle
	// Destination is where a sink stores, and whom Settle tells, if that is known.
	Destination Destination

	Workers  int   // how many may be called at once
	Busy     int   // how many are in user code now
	Queued   int   // transactions in front of it that none of them has begun, but for those in Waiting
	Waiting  int   // that wait to be tried again, and hold no worker meanwhile
	Attempts int64 // transactions that were attempted, each attempt counted
	// Succeeded and Failed are the attempts that did; one that drops its transaction has
	// succeeded. What a stop or a lost lease has overtaken is in neither.
	Succeeded int64
	Failed    int64
	Retried   int64 // attempts that were, or are to be, made again
	// Working is the time spent in calls, of all workers together, but for what they
	// wait there for room further down: over the time that has passed, it is how many of
	// Workers are busy on the average.
	Working time.Duration
	// Awaited is the time that those who hand on to it have waited for room in front
	// of it, all together. It grows at the stage that limits the pipeline.
	Awaited time.Duration
	// Blocked is the time for which what it had to hand on has waited for room further
	// down: the sum of Awaited of what it feeds.
	Blocked time.Duration
	// LastError is what the attempt has failed with that was the last to fail, nil if
	// none has, and LastErrorAt when that was.
	LastError   error
	LastErrorAt time.Time
}
