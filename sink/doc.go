// Package sink holds sinks that need nothing but the standard library: what a
// pipeline ends in while it is young, in tests, and where files are enough.
//
//	var got sink.Collect[Order]                        // keeps them in memory
//	flow.To(&got)
//	flow.To(sink.Func(invoices.Store))                 // calls a function or a method
//	flow.To(sink.JSONLines[Order]("orders.jsonl"))     // a line for each, at the end of a file
//	flow.To(sink.Whole(sink.CSV[Order]("orders.csv"))) // a whole new file, or none
//	flow.To(sink.Via(render, sink.Lines("report.txt"))) // converts first
//
// # Constructors
//
// None panics, and none returns an error: a nil function or channel, an empty
// path, a type that cannot be written is an *ergon.ConfigError of the method
// Validate, which a pipeline calls before it runs, and of Start. Dispatch then
// asks for the end of the run with ergon.Fatal.
//
// # Errors
//
// No payload appears in the text of an error, also where an encoder's own error
// would quote one; errors.As finds that error all the same. What cannot be
// encoded is a fault of the data, ergon.Business, of that transaction alone: the
// others are stored.
//
// # Concurrency
//
// Every method of every sink may be called concurrently. What was passed in, a
// channel say, is never closed.
//
// # Duplicates
//
// Storing something and being told so are two steps, and a crash may come
// between them: these sinks store a transaction again when it is handed over
// again. Func is where a sink that recognises ids is built.
package sink
