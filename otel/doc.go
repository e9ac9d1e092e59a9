// Package ergonotel lets a pipeline be followed: Tracing makes a span of everything
// that happens in it, Metrics counts and measures, Logs writes what is worth reading,
// and Handler puts pipeline, stage, transaction and trace into every record that user
// code logs with its context. It needs the API of OpenTelemetry only; the SDK and
// exporters are for the program to choose.
//
//	p := pipeline.From(orders, pipeline.Named("invoices"),
//		pipeline.Observe(ergonotel.Tracing(otel.GetTracerProvider())),
//		pipeline.Observe(ergonotel.Metrics(otel.GetMeterProvider())),
//		pipeline.Observe(ergonotel.Logs(slog.Default())),
//	).Map(…)
//
// # What it costs
//
// Nothing where none is attached. Metrics reads what the engine counts for itself, when
// somebody collects, and is told of each Fetch and Settle, so it costs a transaction
// next to nothing; with Durations it is told of every attempt. Tracing and Logs are told
// of every transaction and attempt. What of a span is the same for all of a stage is made
// once, so that tracing allocates what the SDK does for the spans, and hardly more.
//
// # What spans and measurements are called
//
// As the conventions for messaging have it: receive, process, send and settle, each with
// its destination (messaging.destination.name) where source or sink can say it, see
// ergon.Addressed, and with the name of pipeline or stage otherwise. messaging.system is
// what they say, else "ergon". A batch is linked to the spans of the transactions in it,
// the first 128 of them: what the SDK keeps unless it is told otherwise.
//
// ergon.stage.time says what the workers of a stage do, in seconds of all of them together:
// working in user code, blocked since there is no room further down, starved since there
// is nothing to do. What limits a pipeline works all the time; what is before it is
// blocked, what is behind it is starved. A call is counted when it is over, but who is
// in one is not starved meanwhile; starved is added up each time somebody collects, and
// never falls. awaited is what others have waited for room in front of the stage.
//
// ergon.in_flight.age is how long ago the oldest transaction was fetched that is not
// settled, and ergon.runs how many runs go on, by whether they are draining.
//
// # What is not told
//
// No payload and no value of the metadata is ever in a span, a metric or a record.
// The text of errors is, up to ergon.LongestText bytes of it, with control characters
// escaped, and with what looks like a credential taken out; see Scrub. Ids of
// transactions are in spans and records, never in metrics.
//
// All names are in one file, with the version of the conventions they are from.
package ergonotel
