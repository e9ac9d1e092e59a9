// Package ergontest tests pipelines, the functions they are made of and the
// connectors they run on, in virtual time: a backoff of hours takes milliseconds,
// and whatever a run promises is checked whether or not the test asks for it.
//
// # How to test a pipeline
//
// Have the pipeline made by a function of what it is connected to:
//
//	func Invoices(orders ergon.Source[Order], enrich func(context.Context, Order) (Enriched, error),
//		rows ergon.Sink[Enriched], rejected ergon.Sink[Order]) pipeline.Pipeline {
//		return pipeline.From(orders).
//			Map(enrich, stage.Named("enrich"), stage.Retry(patiently)).
//			DeadLetter(rejected).
//			To(rows, stage.Batch(100, time.Second))
//	}
//
// main gives it what is real. A test gives it a World, and then it can be tested in
// each of the ways there are:
//
//	func invoices(w *ergontest.World[Order]) pipeline.Pipeline {
//		return Invoices(w.Source, w.Fake("directory", directory.Enrich), w.Sink[Enriched]("rows"), w.Dead)
//	}
//
// Ask, in this order:
//
//   - Does each function do what it should? Func, below.
//   - Does the pipeline do what it should, when this fails, and that? Table: cases
//     as data, with what goes wrong and what is wanted.
//   - Does it lose anything, whichever single thing goes wrong? Explore.
//   - Does it lose anything, whatever goes wrong together? Sim.
//   - Is it still the pipeline that was reviewed? GoldenTopology.
//   - Does a connector of my own keep its promises? TestSource, TestSink and
//     TestConnector.
//
// In each of them, whatever else is asked for, the ledger must balance; everything
// fetched is settled exactly once; nothing is Acked that is not in its sink, or set
// aside; and no goroutine is left. What is known of that is known from the Source
// and the Sinks of the World, or of this package: a connector that stands between
// has to pass Start and Stop on.
//
// # A function
//
// Func tests one function for stages call by call, without a pipeline; FuncWith
// also gives it fakes of the services that it calls, which fail on demand. Feed is
// the call itself. CheckImmutable finds a function that changes what it was given.
//
//	func TestParse(t *testing.T) {
//		ergontest.Func(t, parse,
//			ergontest.Call[string, int]{Name: "a number", In: "7", Want: 7},
//			ergontest.Call[string, int]{Name: "no number", In: "seven", Err: strconv.ErrSyntax, Verdict: ergon.DeadLettered},
//		)
//	}
//
// # A table
//
// Table runs a pipeline once for each Case, in a bubble of its own. Faults are
// data: At names a stage, a fake or a sink, and for which of the transactions, and
// what follows says what happens there: Errors, Always, Slow, Panics, Deaf, Stop,
// Crash, StoredBut. So are wants: what each sink Got, what Failed and why, how
// often something was called, how long it took. What is zero is not checked.
//
//	func TestInvoices(t *testing.T) {
//		ergontest.Table(t, invoices,
//			ergontest.Case[Order]{
//				Name: "the directory is away for a moment", In: []Order{a, b},
//				Faults:  []ergontest.Fault{ergontest.At("directory", 1).Errors(errAway, errAway)},
//				Want:    []ergontest.Want{ergontest.Got("rows", enrichedA, enrichedB), ergontest.Calls("directory", 4)},
//				Settled: []ergon.Verdict{ergon.Acked, ergon.Acked},
//			},
//		)
//	}
//
// A case that fails shows what was wanted and what came, and all that happened to
// the transactions concerned. The inputs of a table are the corpus of a fuzz test
// too: see Fuzz.
//
// # A whole pipeline
//
// Run is for the test that a table does not fit. It builds a pipeline inside a
// testing/synctest bubble and runs it; Source and Sink stand for what it is
// connected to. They record what happens to them, and fail on demand: with one
// error after the other (Sink.DispatchErrors), or as a hook says (Sink.OnDispatch),
// which may also panic, block, or say that it failed what it has stored (StoredBut
// as an error). They work outside a bubble too.
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
// Events, Logs, Spans and Metrics record what a run tells its observers, its log,
// its tracer and its meter, with assertions on each.
//
// # Virtual time
//
// Time passes only while every goroutine in the bubble waits for something in the
// bubble, and then at once. Therefore what a pipeline needs, contexts, channels and
// timers above all, is made inside build; no mutex is held over something that
// blocks; a loop that never blocks never ends. t.Run, t.Parallel and another bubble
// have no place in build. Workers that run at once do so in any order, as they do
// elsewhere. A service is tested over net.Pipe, or over the network of
// httptest.NewTestServer, which is in memory when it is made in a bubble.
//
// # A simulation
//
// Sim runs a pipeline in a world in which everything goes wrong that can, seed by
// seed, and checks at every ack, and at the end, that nothing is lost. Explore does
// it the other way round: one thing goes wrong in each run, at each boundary in
// turn, until all have been tried.
//
//	func TestInvoicesLoseNothing(t *testing.T) {
//		ergontest.Explore(t, invoices, ergontest.ExploreConfig[Order]{In: []Order{a, b, c}})
//		ergontest.Sim(t, invoices, ergontest.SimConfig[Order]{Make: order, Seeds: 200})
//	}
//
// A seed that fails says how to run it again, and what happened to what was lost.
//
// # A connector
//
// TestSource, TestSink and TestConnector hold a connector against its contract. The
// suite says how to open it and how to look behind it; what is tested follows from
// the interfaces that it implements and from its Traits.
//
//	func TestConformance(t *testing.T) {
//		ergontest.TestConnector(t, ergontest.Traits{IDs: true, Durable: true}, func(t *testing.T) ergontest.ConnectorSuite[string] {
//			broker := newBroker(t)
//			return ergontest.ConnectorSuite[string]{Open: broker.open, Stored: broker.content, Restart: broker.restart}
//		})
//	}
//
// Each failure names the promise that was broken. What does not apply is listed,
// with the reason; what is promised and cannot be tested fails.
//
// # What is known of an ack
//
// At the moment a Source takes an Ack, everything that came of the transaction must
// have ended: its children, and theirs, wherever they were on their way. Two rules
// are held by Run and Table:
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
// beyond both: a test compares what is in the sinks with what it wants. Sim and
// Explore know better, since they have seen what comes of each transaction where
// nothing goes wrong.
package ergontest
