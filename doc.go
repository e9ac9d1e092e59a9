// Package ergon is the vocabulary of reliable, observable data pipelines: the
// nouns that sources, sinks, stages and the engine share. It imports nothing but
// the standard library.
//
// A pipeline is composed and run with package pipeline; this package is what one
// needs to write a connector or to steer from inside business code.
//
// # Transactions
//
// A [Transaction] is immutable: an id, a payload, [Metadata]. A [Source] hands
// transactions out and, where it is a [Settler], is told exactly once what
// became of each: its [Verdict]. A [Sink] stores them.
//
// # Steering
//
// Business code steers by the errors it returns, wrapped or not:
//
//	error returned          counts as attempt   tried again here       default verdict
//	any error               yes                 as the policy says     Returned
//	Business(err)           yes                 no                     DeadLettered
//	Permanent(err)          yes                 no                     DeadLettered
//	RetryAfter(d, err)      yes                 after d, if any left   Returned
//	Hold(d, err)            no                  the stage waits d      -
//	Return(d, err)          -                   no                     Returned after d
//	DeadLetter(err)         -                   no                     DeadLettered
//	Drop(why)               -                   no                     Acked, counted as dropped
//	Fatal(err)              -                   no                     Released; the pipeline stops
//
// context.Canceled from business code while the run goes on is an error like any
// other. Inside an OnError handler nil means "seen", and [Handled] "dealt with".
//
// # Abilities
//
// What a connector can do beyond the minimum it says by implementing small
// interfaces: [Settler], [Accepter], [Counter], [Finder], [Extender], [Starter],
// [Stopper], [HealthChecker], [Prefetcher], [Filler].
//
// # Secrets
//
// Payloads, metadata values and receipts never appear in an error, a log line or
// a printed Transaction unless a user puts them there.
package ergon
