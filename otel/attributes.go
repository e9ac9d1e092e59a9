package ergonotel

import (
	"go.opentelemetry.io/otel/attribute"

	"github.com/ergon-go/ergon"
)

// operations are the types that the conventions for messaging have for what events
// tell of. The names are the same, and what spans are called begins with them.
var operations = map[ergon.Kind]string{
	ergon.KindFetch:       "receive",
	ergon.KindTransaction: "process",
	ergon.KindDispatch:    "send",
	ergon.KindSettle:      "settle",
}

// attributesOf returns what is known of an event at its beginning.
func attributesOf(e *ergon.Event) []attribute.KeyValue {
	all := make([]attribute.KeyValue, 0, 8)
	all = append(all, keyPipeline.String(e.Pipeline))
	if o, some := operations[e.Kind]; some {
		all = append(all, keySystem.String(system), keyOperation.String(o), keyType.String(o))
	}
	if e.Stage != "" {
		all = append(all, keyStage.String(e.Stage))
	}
	if e.ID != "" {
		all = append(all, keyMessage.String(visible(e.ID)))
	}
	if e.Attempt > 0 {
		all = append(all, keyAttempt.Int(e.Attempt))
	}
	switch e.Kind {
	case ergon.KindBatch, ergon.KindExtend, ergon.KindDrain:
		all = append(all, keyBatch.Int(e.N))
	case ergon.KindDispatch, ergon.KindSettle:
		if e.N > 1 { // it is for batches only
			all = append(all, keyBatch.Int(e.N))
		}
	}
	return all
}

func waitOf(e *ergon.Event) []attribute.KeyValue {
	all := []attribute.KeyValue{keyStage.String(e.Stage), keyAttempt.Int(e.Attempt), keyWait.Float64(e.Wait.Seconds())}
	if e.Err != nil {
		all = append(all, keyCategory.String(ergon.CategoryOf(e.Err).String()), keySays.String(shown(e.Err)))
	}
	return all
}

func violationOf(e *ergon.Event) []attribute.KeyValue {
	all := []attribute.KeyValue{keyStage.String(e.Stage)}
	if e.Err != nil {
		all = append(all, keySays.String(shown(e.Err)))
	}
	return all
}
