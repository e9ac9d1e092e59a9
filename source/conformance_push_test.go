package source_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/source"
)

// callers bring transactions, and bring them again as the answers tell them.
type callers struct {
	push *source.Pusher[string]
	all  sync.WaitGroup
	mu   sync.Mutex
	dead []string
}

func (c *callers) publish(t *testing.T, txs ...ergon.Transaction[string]) {
	for _, tx := range txs {
		c.all.Go(func() { c.bring(t.Context(), tx) })
	}
}

// bring brings a transaction until it is dealt with.
func (c *callers) bring(ctx context.Context, tx ergon.Transaction[string]) {
	for ctx.Err() == nil {
		err := c.push.Push(ctx, tx)
		wait := 10 * time.Millisecond
		var verdict *source.VerdictError
		if errors.As(err, &verdict) {
			wait += verdict.Delay
		}
		switch {
		case err == nil:
			return
		case verdict != nil && verdict.Verdict == ergon.DeadLettered:
			c.mu.Lock()
			defer c.mu.Unlock()
			c.dead = append(c.dead, tx.Payload())
			return
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

func TestPushConforms(t *testing.T) {
	traits := ergontest.Traits{IDs: true, Metadata: true, Waits: true, Delays: true, Unheld: true, Messages: 1000}
	ergontest.TestSource(t, traits, func(t *testing.T) ergontest.SourceSuite[string] {
		c := &callers{push: source.Push[string]()}
		t.Cleanup(c.all.Wait)
		return ergontest.SourceSuite[string]{
			Open:    func(*testing.T) ergon.Source[string] { return c.push },
			Publish: c.publish,
			Dead: func(*testing.T) []string {
				synctest.Wait() // until every caller has its answer
				c.mu.Lock()
				defer c.mu.Unlock()
				return c.dead
			},
		}
	})
}

// parts are the sources of a Merge of two.
type parts [2]*ergontest.Source[string]

func (p parts) publish(_ *testing.T, txs ...ergon.Transaction[string]) {
	for i, tx := range txs {
		p[i%2].Put(tx)
	}
}

func (p parts) dead(*testing.T) []string {
	var texts []string
	for _, part := range p {
		for _, told := range part.Settlements() {
			if told.Verdict == ergon.DeadLettered {
				texts = append(texts, told.Transaction.Payload())
			}
		}
	}
	return texts
}

func TestMergeConforms(t *testing.T) {
	kept := ergontest.Traits{IDs: true, Metadata: true, Deliveries: true, Delays: true, Messages: 3000}
	for _, tt := range []struct {
		name string
		form func(*ergontest.Source[string]) ergon.Source[string]
	}{
		{"of what settles", func(s *ergontest.Source[string]) ergon.Source[string] { return s }},
		{"of what is leased", func(s *ergontest.Source[string]) ergon.Source[string] { return s.Leased(time.Minute) }},
		{"of what cannot be counted", (*ergontest.Source[string]).Uncounted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ergontest.TestSource(t, kept, func(*testing.T) ergontest.SourceSuite[string] {
				p := parts{{Open: true}, {Open: true}}
				merged := source.Merge(tt.form(p[0]), tt.form(p[1]))
				return ergontest.SourceSuite[string]{
					Open: func(*testing.T) ergon.Source[string] { return merged }, Publish: p.publish, Dead: p.dead,
				}
			})
		})
	}
	t.Run("of what rewinds", func(t *testing.T) {
		traits := rewinding
		traits.Order, traits.IDs, traits.Metadata = false, true, true
		ergontest.TestSource(t, traits, shelf(func(txs []ergon.Transaction[string]) ergon.Source[string] {
			half := len(txs) / 2
			return source.Merge[string](source.Transactions(txs[:half]...), source.Transactions(txs[half:]...))
		}))
	})
}
