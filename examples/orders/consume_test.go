package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/matryer/is"
)

// inMemory is the consumption with nothing real around it.
type inMemory struct {
	queue    *ergontest.Source[ergon.Record]
	rejected ergontest.Sink[rejection]
	invoices ergontest.Sink[invoice]
	trouble  trouble
	timeouts timeouts
	enrich   func(context.Context, line) (order, error)
}

func (m *inMemory) pipeline() pipeline.Pipeline {
	return consume(m.queue, work{m.enrich, m.trouble.report, &m.rejected, &m.invoices}, pipeline.With(policy()), pipeline.Observe(&m.timeouts))
}

// records are generated lines as the queue holds them.
func records(seed uint64, n int) []ergon.Record {
	var all []ergon.Record
	for fields := range generated(seed, n) {
		all = append(all, ergon.Record{Header: heading[:], Fields: fields, Line: len(all) + 2, Raw: strings.Join(fields, ",")})
	}
	return all
}

// figures are those of the two sinks.
func (m *inMemory) figures() figures {
	f := figures{Invoiced: len(m.invoices.Payloads())}
	invoices, reasons := map[string]bool{}, map[string]int{}
	for _, i := range m.invoices.Payloads() {
		invoices[i.Invoice] = true
		f.Total += pence(i.Amount)
	}
	for _, r := range m.rejected.Payloads() {
		reasons[r.Reason]++
	}
	f.Invoices = len(invoices)
	for reason, lines := range reasons {
		f.Rejected = append(f.Rejected, reasonCount{reason, lines})
	}
	slices.SortFunc(f.Rejected, func(a, b reasonCount) int { return b.Lines - a.Lines })
	return f
}

// moody is a directory with a temper and no network.
func moody(t temper) func(context.Context, line) (order, error) {
	var mu sync.Mutex
	came := map[int]int{}
	return func(ctx context.Context, l line) (order, error) {
		mu.Lock()
		a := t.of(requestID(l.Number), came[l.Number])
		came[l.Number]++
		mu.Unlock()
		select {
		case <-time.After(a.delay):
		case <-ctx.Done():
			return order{}, ctx.Err()
		}
		if a.refused {
			return order{}, errDirectory
		}
		return order{line: l, Name: "somebody"}, nil
	}
}

func TestNoLineIsLostToADirectoryThatIsNotAlwaysWell(t *testing.T) {
	is := is.New(t)
	var m inMemory
	result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		m.queue, m.enrich = ergontest.NewSource(records(4, 2000)...), moody(temper{4})
		return m.pipeline()
	})
	is.Equal(m.figures(), expected(t, 4, 2000))
	is.Equal(result.Ledger.Fetched, int64(2000))
	is.True(result.Ledger.Retries > 50)
	is.True(m.timeouts.n.Load() > 0)
	is.True(m.timeouts.n.Load() < result.Ledger.Retries/4) // the others were refused
	is.Equal(result.Ledger.Returned, int64(0))
	is.Equal(m.invoices.Duplicates(), nil)
}

func TestNoLineIsRejectedForAnOutageHoweverLong(t *testing.T) {
	is := is.New(t)
	var m inMemory
	result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		m.queue = ergontest.NewSource(records(5, 60)...)
		well := time.Now().Add(2 * time.Minute)
		m.enrich = func(_ context.Context, l line) (order, error) {
			if time.Now().Before(well) {
				return order{}, errDirectory
			}
			return order{line: l}, nil
		}
		return m.pipeline()
	})
	is.Equal(m.figures(), expected(t, 5, 60))
	is.True(result.Took >= 2*time.Minute && result.Took < 3*time.Minute) // it goes on soon after
	lines, first := m.trouble.seen()
	is.True(lines > 60)
	is.True(errors.Is(first, errDirectory))
}

func TestAStopLosesNothing(t *testing.T) {
	is := is.New(t)
	var m inMemory
	result := ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		m.queue = ergontest.NewSource(records(6, 3000)...)
		m.enrich = func(ctx context.Context, l line) (order, error) {
			ergontest.Stop(ctx)
			return order{line: l}, nil
		}
		return m.pipeline()
	})
	left, err := m.queue.Count(t.Context())
	is.NoErr(err)
	is.True(left > 0)
	is.Equal(left, 3000-int(result.Ledger.Fetched))
	is.Equal(m.figures().lines(), int(result.Ledger.Fetched))
}

func TestACustomerNobodyKnowsIsRejected(t *testing.T) {
	is := is.New(t)
	var m inMemory
	ergontest.Run(t, func(*testing.T) pipeline.Pipeline {
		m.queue = ergontest.NewSource(ergon.Record{Header: heading[:], Line: 2, Raw: "raw",
			Fields: []string{"536365", "71053", "LANTERN", "6", "12/1/10 8:26", "2.55", "17850", "Norway"}})
		m.enrich = func(context.Context, line) (order, error) { return order{}, ergon.Permanent(errUnknownCustomer) }
		return m.pipeline()
	})
	is.Equal(m.rejected.Payloads(), []rejection{{Line: 2, Reason: "unknown customer", Stage: "enrich", Detail: "unknown customer", Text: []byte("raw")}})
	is.Equal(m.rejected.IDs(), []string{"test:0"})
}

func TestTheIdOfALineIsItsPosition(t *testing.T) {
	is := is.New(t)
	var queue sink.Collect[ergon.Record]
	e, err := openExport(t.Context(), written(t, small), "export.csv")
	is.NoErr(err)
	is.Equal(e.lines, 13)
	is.NoErr(produce(e.from, &queue).Run(t.Context()))
	for i, tx := range queue.Transactions() {
		is.Equal(tx.ID(), ergon.Numbered(e.name, int64(i+1), "").ID())
	}
	is.Equal(queue.Payloads()[2].Raw, queue.Payloads()[3].Raw) // a pair of identical lines: two orders
}

func TestTheChainsAreValid(t *testing.T) {
	is := is.New(t)
	var m inMemory
	m.queue, m.enrich = ergontest.NewSource[ergon.Record](), moody(temper{})
	is.NoErr(m.pipeline().Validate())
	is.NoErr(produce(source.Slice([]ergon.Record{}), sink.Discard[ergon.Record]()).Validate())
}
