// Command orders is what a shop would run every night: the lines of its order
// export go into a durable queue, and from there, checked against a customer
// directory that is not always well, into invoices or among the rejected.
//
// The whole job is in the two chains of this file. The rules of the business are
// in rules.go, and know nothing of pipelines.
package main

import (
	"context"
	"os"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

func main() { os.Exit(fromShell(os.Args[1:]).run()) }

// produce puts every line of an export into the queue. The id of a line is its
// position, so a second run finds what the first one queued.
func produce(export ergon.Source[ergon.Record], queue ergon.Sink[ergon.Record], opts ...pipeline.Option) pipeline.Pipeline {
	return pipeline.From(export, opts...).
		To(queue, stage.Named("enqueue"), stage.Batch(500, 50*time.Millisecond))
}

// consume makes invoices of the lines in the queue.
func consume(queue ergon.Source[ergon.Record], w work, opts ...pipeline.Option) pipeline.Pipeline {
	return pipeline.From(queue, opts...).
		Map(parse, stage.Named("parse")).                                                     // -> line
		Map(validate, stage.Named("validate"), stage.Classify(final)).                        // -> line
		Map(w.enrich, stage.Named("enrich"), stage.Workers(callers), stage.Retry(patiently)). // -> order
		Map(price, stage.Named("price"), stage.Classify(final)).                              // -> invoice
		OnError(w.report).                                                                    // sees the record as it was queued
		DeadLetterAs(rejectionOf, w.rejected, stage.Batch(200, 50*time.Millisecond)).         // with the reason
		To(w.invoices, stage.Named("invoices"), stage.Batch(200, 50*time.Millisecond))
}

// work is what consume works with: the real things in the job, others in tests.
type work struct {
	enrich   stage.Func[line, order]
	report   func(context.Context, ergon.Failure[ergon.Record]) error
	rejected ergon.Sink[rejection]
	invoices ergon.Sink[invoice]
}

// callers is how many lines ask the directory at once.
const callers = 32

// patiently is how the directory is asked: an answer that takes long will not
// come, and one that is refused is soon given.
var patiently = retry.Policy{
	MaxAttempts:    8,
	AttemptTimeout: 150 * time.Millisecond,
	Backoff:        5 * time.Millisecond,
	BackoffCap:     200 * time.Millisecond,
}

// policy never sets a line aside for the directory's fault: what fails is given
// back to the queue, to come again soon, however often.
func policy() pipeline.Policy {
	return pipeline.Policy{
		MaxDeliveries: retry.Unlimited,
		Redelivery:    retry.Policy{Backoff: 200 * time.Millisecond, BackoffCap: 5 * time.Second},
	}
}
