package scenarios

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// sameSpans checks that ergon and the loop by hand make the same spans.
func sameSpans(ctx context.Context) error {
	got, err := spansOf(ctx, peers.ErgonTraced, watched)
	if err != nil {
		return err
	}
	want, err := spansOf(ctx, peers.SpansByHand, watched)
	if err != nil {
		return err
	}
	if !maps.Equal(got, want) {
		return fmt.Errorf("scenarios: ergon makes these spans:\n%v\nand the loop by hand these:\n%v", listed(got), listed(want))
	}
	return nil
}

// spansOf returns what spans a peer makes, and how many of each.
func spansOf(ctx context.Context, peer func(sdktrace.SpanExporter) peers.Peer, shape peers.Shape) (map[string]int, error) {
	var s spans
	err := peer(&s).Check(ctx, shape, work.Items(1000), work.Trivial)
	return s.described(), err
}

// spans is an exporter that keeps them.
type spans struct {
	mu  sync.Mutex
	all []sdktrace.ReadOnlySpan
}

// ExportSpans keeps spans.
func (s *spans) ExportSpans(_ context.Context, more []sdktrace.ReadOnlySpan) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, more...)
	return nil
}

// Shutdown has nothing to do.
func (*spans) Shutdown(context.Context) error { return nil }

// described counts the spans by what they tell, and their links. How much comes in one
// Fetch, Dispatch or Settle is left out, since that is not the same in every run, and so
// is their number.
func (s *spans) described() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := map[string]string{}
	for _, span := range s.all {
		names[span.SpanContext().SpanID().String()] = span.Name()
	}
	counts := map[string]int{}
	for _, span := range s.all {
		together := slices.Contains([]string{"receive", "settle", "send"}, strings.Fields(span.Name())[0])
		var attributes []string
		for _, a := range span.Attributes() {
			value := a.Value.String()
			switch {
			case together && (a.Key == "messaging.batch.message_count" || a.Key == "messaging.message.id"):
				attributes = append(attributes, "of=…") // one has an id, several have a count
				continue
			case strings.HasPrefix(value, "slice:"), a.Key == "messaging.batch.message_count":
				value = "…"
			}
			attributes = append(attributes, string(a.Key)+"="+value)
		}
		slices.Sort(attributes)
		text := fmt.Sprint(span.Name(), " ", span.SpanKind(), " in ", names[span.Parent().SpanID().String()], " ", attributes)
		counts[text]++
		if together {
			counts[text] = 1
		}
		counts["links of "+span.Name()] += len(span.Links())
	}
	return counts
}

func listed(counts map[string]int) string {
	var lines []string
	for text, n := range counts {
		lines = append(lines, fmt.Sprintf("%6d %s", n, text))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
