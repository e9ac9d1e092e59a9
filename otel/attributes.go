package ergonotel

import (
	"go.opentelemetry.io/otel/attribute"

	"github.com/ergon-go/ergon"
)

// operations are the types that the conventions for messaging have for what events
// tell of. The names are the same, and what spans are called begins with them.
var operations = operationNames{
	ergon.KindFetch:       "receive",
	ergon.KindTransaction: "process",
	ergon.KindDispatch:    "send",
	ergon.KindSettle:      "settle",
}

type operationNames [ergon.KindViolation + 1]string

// of returns the operation of a kind, "" where it is none.
func (n *operationNames) of(k ergon.Kind) string {
	if int(k) >= len(n) {
		return ""
	}
	return n[k]
}

// systemOf returns the system of a place.
func systemOf(d ergon.Destination) string {
	if d.System == "" {
		return system
	}
	return Scrub(d.System)
}

// fixedOf returns what all events of a kind have at one place.
func fixedOf(e *ergon.Event) []attribute.KeyValue {
	all := []attribute.KeyValue{keyPipeline.String(e.Pipeline)}
	if o := operations.of(e.Kind); o != "" {
		all = append(all, messaging(o, e.Destination)...)
		all = append(all, keyType.String(o))
	}
	if e.Stage != "" {
		all = append(all, keyStage.String(e.Stage))
	}
	return all
}

// ownOf appends what is an event's own, as far as it is known at its beginning.
func ownOf(all []attribute.KeyValue, e *ergon.Event) []attribute.KeyValue {
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

// messaging returns the labels of an operation at a place.
func messaging(operation string, at ergon.Destination) []attribute.KeyValue {
	all := []attribute.KeyValue{keySystem.String(systemOf(at)), keyOperation.String(operation)}
	if at.Name != "" {
		all = append(all, keyPlace.String(Scrub(at.Name)))
	}
	return all
}

// verdicts are the attributes of each verdict, made once.
var verdicts = [...][]attribute.KeyValue{
	ergon.Acked:        {keyVerdict.String(ergon.Acked.String())},
	ergon.DeadLettered: {keyVerdict.String(ergon.DeadLettered.String())},
	ergon.Released:     {keyVerdict.String(ergon.Released.String())},
	ergon.Returned:     {keyVerdict.String(ergon.Returned.String())},
}

func verdictOf(v ergon.Verdict) []attribute.KeyValue {
	if int(v) < len(verdicts) && verdicts[v] != nil {
		return verdicts[v]
	}
	return []attribute.KeyValue{keyVerdict.String(v.String())}
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
