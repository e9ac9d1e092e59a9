package ergontest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
)

// jar is a connector somebody has written: a box of texts, of which each is
// handed out once.
type jar struct {
	mu    sync.Mutex
	texts []string
}

func (j *jar) Dispatch(_ context.Context, txs []ergon.Transaction[string]) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, tx := range txs {
		j.texts = append(j.texts, tx.Payload())
	}
	return nil
}

func (j *jar) Fetch(_ context.Context, max int) ([]ergon.Transaction[string], error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var txs []ergon.Transaction[string]
	for len(txs) < max && len(j.texts) > 0 {
		txs = append(txs, ergon.NewTransaction("", j.texts[0]))
		j.texts = j.texts[1:]
	}
	return txs, nil
}

func (j *jar) stored(*testing.T) []ergon.Transaction[string] {
	var txs []ergon.Transaction[string]
	for _, text := range j.texts {
		txs = append(txs, ergon.NewTransaction("", text))
	}
	return txs
}

// Each test gets a jar of its own. What the jar does not promise is not declared,
// and that it does not know ids again has to be.
func ExampleTestConnector() {
	test(func(t *testing.T) {
		traits := ergontest.Traits{Order: true, Anonymous: true, Concurrent: true, Duplicates: true}
		ergontest.TestConnector(t, traits, func(*testing.T) ergontest.ConnectorSuite[string] {
			j := &jar{}
			return ergontest.ConnectorSuite[string]{
				Open:   func(*testing.T) ergon.Connector[string] { return j },
				Stored: j.stored,
			}
		})
		fmt.Println("it failed:", t.Failed())
	})
	// Output:
	// it failed: false
}

func ExampleTestSource() {
	test(func(t *testing.T) {
		ergontest.TestSource(t, ergontest.Traits{Order: true, Anonymous: true}, func(t *testing.T) ergontest.SourceSuite[string] {
			j := &jar{}
			return ergontest.SourceSuite[string]{
				Open: func(*testing.T) ergon.Source[string] { return j },
				Publish: func(_ *testing.T, txs ...ergon.Transaction[string]) {
					if err := j.Dispatch(t.Context(), txs); err != nil {
						t.Fatal(err)
					}
				},
			}
		})
		fmt.Println("it failed:", t.Failed())
	})
	// Output:
	// it failed: false
}

func ExampleTestSink() {
	test(func(t *testing.T) {
		ergontest.TestSink(t, ergontest.Traits{Order: true, Duplicates: true}, func(*testing.T) ergontest.SinkSuite[string] {
			j := &jar{}
			return ergontest.SinkSuite[string]{Open: func(*testing.T) ergon.Sink[string] { return j }, Stored: j.stored}
		})
		fmt.Println("it failed:", t.Failed())
	})
	// Output:
	// it failed: false
}
