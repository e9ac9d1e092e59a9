// Package live shows pipelines while they run: in the terminal, and as a page in the
// browser. It reads Pipeline.Topology once and Pipeline.Snapshot now and then, and
// nothing else: a run that nobody looks at costs nothing, and one that somebody looks
// at costs the reading.
//
//	view := live.New(orders)
//	go view.Serve(ctx, "localhost:7777") // http://localhost:7777/ergon
//	go orders.Stream(ctx)
//	view.Terminal(ctx, os.Stderr)
//
// # What it shows
//
// First what matters on a bad night: which stage limits, what fails, what waits to be
// tried again, and how old the oldest transaction is that has been fetched and not
// settled. Then each stage: transactions a second, how many of its workers are busy,
// what is queued in front of it, for how much of the time it was blocked, what was
// tried again and what has failed. Then the last error of each stage, and the ledger.
//
// Rates are those of the time since the picture before, a second as a rule. In the
// first picture, and after the end of a run, they are those of the whole run.
//
// # Which stage limits
//
// A stage limits if there was work in front of it that nobody had begun (something is
// queued, or others have waited for room there), and either its workers were busy for
// three quarters of the time or more, or what it has waits to be tried again and
// nothing of it has succeeded. How busy they were is the growth of
// ergon.StageSnapshot.Working over the time and the number of workers; where calls take
// longer than that time, it is how many are in a call now. What limits fills whatever
// stands above it, so of several such stages on one way it is the last. On different
// ways it is the one for which others have waited longest (the growth of Awaited), then
// the one with most in front of it. Settling limits if it is busy, and most of what is
// in flight waits for it. Where there is no such stage, none limits: the
// pipeline is as quick as its source, or the machine, is.
//
// # What it does not show
//
// No payload, no metadata, no id. The text of errors is, with what looks like a
// credential taken out and control characters escaped, see ergonotel.Scrub; names are
// treated alike.
package live
