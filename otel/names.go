package ergonotel

import (
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// scope is the name of the instrumentation.
const scope = "github.com/ergon-go/ergon/otel"

// SchemaURL is the version of the semantic conventions of OpenTelemetry that the names
// of spans, instruments and attributes follow, where there is a convention.
const SchemaURL = semconv.SchemaURL

// Of the conventions for messaging.
const (
	keySystem    = semconv.MessagingSystemKey
	keyOperation = semconv.MessagingOperationNameKey
	keyType      = semconv.MessagingOperationTypeKey
	keyPlace     = semconv.MessagingDestinationNameKey
	keyBatch     = semconv.MessagingBatchMessageCountKey
	keyMessage   = semconv.MessagingMessageIDKey
	keyError     = semconv.ErrorTypeKey
	keyException = semconv.ExceptionTypeKey
	keySays      = semconv.ExceptionMessageKey

	metricOperation = "messaging.client.operation.duration"
	metricProcess   = "messaging.process.duration"
	metricConsumed  = "messaging.client.consumed.messages"
	metricSent      = "messaging.client.sent.messages"
)

// Our own, where there is no convention.
const (
	keyPipeline = attribute.Key("ergon.pipeline")
	keyStage    = attribute.Key("ergon.stage")
	keyKind     = attribute.Key("ergon.kind")
	keyAttempt  = attribute.Key("ergon.attempt")
	keyVerdict  = attribute.Key("ergon.verdict")
	keyOutcome  = attribute.Key("ergon.outcome")
	keyWait     = attribute.Key("ergon.wait")
	keyCategory = attribute.Key("ergon.category")
	keyTime     = attribute.Key("ergon.time")
	keyState    = attribute.Key("ergon.state")

	metricTransactions = "ergon.transactions"
	metricInFlight     = "ergon.in_flight"
	metricOldest       = "ergon.in_flight.age"
	metricRuns         = "ergon.runs"
	metricWaiting      = "ergon.stage.waiting"
	metricBestEffort   = "ergon.best_effort.lost"
	metricAttempts     = "ergon.stage.attempts"
	metricFailures     = "ergon.stage.failures"
	metricRetries      = "ergon.stage.retries"
	metricQueued       = "ergon.stage.queued"
	metricBusy         = "ergon.stage.workers.busy"
	metricWorkers      = "ergon.stage.workers"
	metricTime         = "ergon.stage.time"
	metricDuration     = "ergon.stage.duration"
	metricWaits        = "ergon.stage.waits"
	metricBatch        = "ergon.stage.batch.size"
	metricDrain        = "ergon.drain.duration"
	metricExtend       = "ergon.lease.extend.duration"
	metricRun          = "ergon.run.duration"
	metricViolations   = "ergon.violations"
)

// system is what stands for ergon where the conventions ask for a messaging system and
// source or sink do not say theirs.
const system = "ergon"
