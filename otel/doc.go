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
// of every transaction and attempt.
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
