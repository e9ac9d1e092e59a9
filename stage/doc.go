// Package stage holds what tunes one step of a pipeline, and ready-made
// functions to put into one.
//
// A stage is a function behind a bounded pool of workers. Everything that can be
// said about it is an Option, given where the stage is added to the chain:
//
//	flow.Map(directory.Enrich, stage.Workers(64), stage.Retry(patiently))
//
// The ready-made functions decode: JSON turns bytes into a value, Into a record
// of a table into a struct. What they cannot decode is a fault of the data, an
// ergon.Business error.
package stage
