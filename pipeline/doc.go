// Package pipeline composes and runs pipelines.
//
// A [Flow] begins at a source with [From] and changes its payload type at every
// step, with ordinary functions and methods:
//
//	err := pipeline.From(orders).
//		Map(stage.JSON[Order]).
//		Map(directory.Enrich, stage.Workers(64), stage.Retry(patiently)).
//		OnError(report).
//		DeadLetter(rejected).
//		To(invoices, stage.Batch(100, 50*time.Millisecond)).
//		Stream(ctx)
//
// # What a run promises
//
// Every transaction that is fetched is settled exactly once: Acked after
// everything that came of it is stored, and otherwise told to the source with
// the worst of what happened to it. Where a source has no place for a verdict,
// Run returns an [UnhandledError]; nothing vanishes quietly. Delivery is at least
// once: after a crash, a lost lease or a failed settlement the source hands a
// transaction out again, and sinks recognise it by its id.
//
// # Concurrency
//
// Every stage has its own bounded pool, and no more than Policy.InFlight
// transactions are between fetch and settlement. A transaction that waits for its
// next attempt holds no worker. Order is kept only where [Flow.Ordered] or
// [Flow.KeyBy] asks for it. A stage's function is called by as many goroutines as
// it has workers; handlers and sinks by one, unless told otherwise.
//
// # Contexts
//
// Functions get a context that outlives the one given to Run by the time to
// drain. It ends when an attempt takes too long, when the lease of its
// transaction is lost (ergon.ErrLeaseLost), or when the time to drain is over
// ([ErrDrainTimeout]). Code that ignores its context is never called a second
// time for the same transaction meanwhile; after a stop it is named in the
// [DrainError], with its stack.
//
// # Defaults
//
//	what                                      unless set
//	transactions in flight                    1,024, or 2 · the most workers of a stage
//	transactions asked for in one fetch       100
//	workers of a stage, sink, handler         1
//	transactions waiting in front of a stage  512, or workers and a batch
//	attempts of a stage                       1; with stage.Retry 3
//	attempts of OnError, OnSuccess            3
//	attempts of a sink, of dead letters       unlimited
//	attempts of a best-effort sink            1
//	attempts of a fetch                       5 in Run, unlimited in Stream
//	attempts to settle                        within the lease, or 1 min
//	time of one attempt                       60 s; of a fetch none
//	wait before retry k (from 0)              min(30 s, 100 ms · 2^k), full jitter
//	wait of a Returned transaction            min(5 min, 1 s · 2^(deliveries-1)), full jitter
//	wait after an empty fetch                 1 ms, ×2, to 1 s
//	deliveries until DeadLettered             10, where the source counts
//	time of a transaction                     none
//	time of a run                             none
//	failures that end a run                   none
//	time to drain, and then grace             20 s, 5 s
//	time a batch waits to fill                1 s
//
// Policies win over options in code, field by field, and both over defaults.
package pipeline
