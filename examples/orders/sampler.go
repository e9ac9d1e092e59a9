package main

import (
	"fmt"
	"hash/fnv"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// tracedLines is of how many lines one is traced. The spans of 10,000 lines take two or
// three megabytes then, half of it for what is done for many lines at once.
const tracedLines = 100

// oneIn is a sampler that keeps one transaction in so many, with all that happens to
// it, and what is done for many at once. Which it keeps, its id decides.
type oneIn uint32

// ShouldSample follows what stands above, but for what a transaction begins with.
func (n oneIn) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	above := trace.SpanContextFromContext(p.ParentContext)
	keep := !above.IsValid() || above.IsSampled()
	if p.Kind == trace.SpanKindConsumer {
		for _, about := range p.Attributes {
			if about.Key == "messaging.message.id" {
				hash := fnv.New32a()
				_, _ = hash.Write([]byte(about.Value.AsString()))
				keep = keep && hash.Sum32()%uint32(n) == 0
			}
		}
	}
	decision := sdktrace.Drop
	if keep {
		decision = sdktrace.RecordAndSample
	}
	return sdktrace.SamplingResult{Decision: decision, Tracestate: above.TraceState()}
}

// Description names the sampler.
func (n oneIn) Description() string { return fmt.Sprintf("one transaction in %d", uint32(n)) }
