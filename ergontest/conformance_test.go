package ergontest_test

import (
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
)

// stock is a Source of the kit, as the suites see it.
func stock(form func(*ergontest.Source[string]) ergon.Source[string], set func(*ergontest.Source[string])) func(*testing.T) ergontest.SourceSuite[string] {
	return func(*testing.T) ergontest.SourceSuite[string] {
		var s ergontest.Source[string]
		set(&s)
		source := form(&s)
		return ergontest.SourceSuite[string]{
			Open:    func(*testing.T) ergon.Source[string] { return source },
			Publish: func(_ *testing.T, txs ...ergon.Transaction[string]) { s.Put(txs...) },
			Dead: func(*testing.T) []string {
				var texts []string
				for _, told := range s.Settlements() {
					if told.Verdict == ergon.DeadLettered {
						texts = append(texts, told.Transaction.Payload())
					}
				}
				return texts
			},
		}
	}
}

func open(s *ergontest.Source[string]) { s.Open = true }

func TestSourceConforms(t *testing.T) {
	plain := func(s *ergontest.Source[string]) ergon.Source[string] { return s }
	leased := func(s *ergontest.Source[string]) ergon.Source[string] { return s.Leased(time.Minute) }
	kept := ergontest.Traits{IDs: true, Metadata: true, Deliveries: true, Delays: true, Order: true}
	for _, tt := range []struct {
		name   string
		form   func(*ergontest.Source[string]) ergon.Source[string]
		traits func(*ergontest.Traits)
		set    func(*ergontest.Source[string])
	}{
		{"open", plain, func(*ergontest.Traits) {}, open},
		{"leased", leased, func(*ergontest.Traits) {}, open},
		{"with an end", plain, func(t *ergontest.Traits) { t.Ends, t.Fixed = true, true }, func(*ergontest.Source[string]) {}},
		{"without a count", (*ergontest.Source[string]).Uncounted, func(*ergontest.Traits) {}, open},
		{"without deliveries, and only acked", plain, func(t *ergontest.Traits) { t.Deliveries, t.Delays = false, false }, func(s *ergontest.Source[string]) {
			s.Open, s.NoDeliveries, s.Verdicts = true, true, ergon.VerdictSet(ergon.Acked)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			traits := kept
			tt.traits(&traits)
			ergontest.TestSource(t, traits, stock(tt.form, tt.set))
		})
	}
}

func TestSinkConforms(t *testing.T) {
	ergontest.TestSink(t, ergontest.Traits{IDs: true, Metadata: true, Order: true, Concurrent: true},
		func(*testing.T) ergontest.SinkSuite[string] {
			var s ergontest.Sink[string]
			return ergontest.SinkSuite[string]{
				Open:   func(*testing.T) ergon.Sink[string] { return &s },
				Stored: func(*testing.T) []ergon.Transaction[string] { return s.Transactions() },
			}
		})
}
