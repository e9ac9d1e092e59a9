// Package ergontest tests pipelines, and the functions they are made of, in
// virtual time: a backoff of hours takes milliseconds, and whatever a run
// promises is checked whether or not the test asks for it.
//
//	func TestInvoices(t *testing.T) {
//		orders := ergontest.NewSource("2 lamps", "nothing", "3 vases")
//		var invoices, rejected ergontest.Sink[string]
//		invoices.DispatchErrors(errors.New("no connection"))
//
//		result := ergontest.Run(t, func(t *testing.T) pipeline.Pipeline {
//			return pipeline.From(orders).
//				Map(check).
//				DeadLetter(&rejected).
//				To(&invoices, stage.Batch(100, time.Second))
//		})
//
//		is := is.New(t)
//		is.Equal(invoices.Payloads(), []string{"2 lamps", "3 vases"})
//		is.Equal(rejected.IDs(), []string{"test:1"})
//		is.Equal(result.Ledger.Succeeded, int64(2))
//	}
//
// # A pipeline
//
// Run builds a pipeline inside a testing/synctest bubble, runs it, and fails the
// test where the run breaks a promise: an error nobody expected, a ledger that
// does not balance, something settled twice or never, something Acked that is
// not in its Sink, a goroutine that is left, a deadlock, a run of more than 24
// hours.
//
// Source and Sink stand for what a pipeline is connected to. They record what
// happens to them, and fail on demand: with one error after the other
// (Sink.DispatchErrors), or as a hook says (Sink.OnDispatch), which may also
// panic, block, or say that it failed what it has stored (StoredBut). They work
// outside a bubble too.
//
// # What is known of an ack
//
// At the moment a Source takes an Ack, everything that came of the transaction must
// have ended: its children, and theirs, wherever they were on their way. Two rules
// are held:
//
//   - Nothing of a transaction is stored for the first time after its Ack. This
//     is exact, whichever branch it is in and however many children there are. A
//     pipeline with a BestEffort branch is exempt, as nobody waits for that.
//   - At its Ack, each thing that came of a transaction and became nothing else is
//     stored, dropped, set aside, or dealt with by OnError. What came of what is
//     known from the stages, so that a child counts which no sink was ever offered.
//     With a BestEffort branch only how many transactions may be Acked with nothing
//     stored is known, from the ledger; with a Group beside it, nothing.
//
// A copy that a Fork made, and that was lost beside another which was stored, is
// beyond both: a test compares what is in the sinks with what it wants.
//
// # A function
//
// Func tests one function for stages call by call, without a pipeline; FuncWith
// also gives it fakes of the services that it calls, which fail on demand. Feed is
// the call itself.
//
//	func TestParse(t *testing.T) {
//		ergontest.Func(t, parse,
//			ergontest.Call[string, int]{Name: "a number", In: "7", Want: 7},
//			ergontest.Call[string, int]{Name: "no number", In: "seven", Err: strconv.ErrSyntax, Verdict: ergon.DeadLettered},
//		)
//	}
//
// # In a bubble
//
// Time passes only while every goroutine in the bubble waits for something in the
// bubble. Therefore what a pipeline needs, contexts, channels and timers above
// all, is made inside build; no mutex is held over something that blocks; network
// connections are those of net.Pipe or httptest.NewTestServer; and t.Run,
// t.Parallel and another bubble have no place in build.
package ergontest
