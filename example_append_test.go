package ergon_test

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ergon-go/ergon"
)

func ExampleAppendWith() {
	texts := []ergon.Transaction[string]{ergon.NewTransaction("order-7", "lamp"), ergon.NewTransaction("order-9", "desk")}
	lengths := make([]ergon.Transaction[int], 0, len(texts))
	for i := range texts {
		n := len(texts[i].Payload())
		lengths = ergon.AppendWith(lengths, &texts[i], &n)
	}
	for _, tx := range lengths {
		fmt.Println(tx.ID(), tx.Payload())
	}
	// Output:
	// order-7 4
	// order-9 4
}

func ExampleAppendNumbered() {
	var page []ergon.Transaction[string]
	for _, lines := range [][]string{{"lamp", "desk"}, {"chair"}} {
		page = ergon.AppendNumbered(page, "orders.csv", int64(len(page)), lines)
	}
	for _, tx := range page {
		fmt.Println(tx.ID(), tx.Payload())
	}
	// Output:
	// orders.csv:0 lamp
	// orders.csv:1 desk
	// orders.csv:2 chair
}

// squares is a source of the first squares, which come by the million.
type squares struct{ next, end int }

func (s *squares) Fetch(ctx context.Context, most int) ([]ergon.Transaction[int], error) {
	txs := make([]ergon.Transaction[int], max(most, 0))
	n, err := s.Fill(ctx, s, txs)
	return txs[:n], err
}

func (s *squares) Fill(_ context.Context, source ergon.Source[int], txs []ergon.Transaction[int]) (int, error) {
	if source != ergon.Source[int](s) {
		return 0, errors.ErrUnsupported // embedded in a source that may have a Fetch of its own
	}
	n := min(len(txs), s.end-s.next)
	for i := range txs[:n] {
		txs[i] = ergon.Numbered("squares", int64(s.next), s.next*s.next)
		s.next++
	}
	if s.next == s.end {
		return n, io.EOF
	}
	return n, nil
}

func ExampleFiller() {
	source := &squares{end: 5}
	memory := make([]ergon.Transaction[int], 2) // used again and again
	for {
		n, err := source.Fill(context.Background(), source, memory)
		for _, tx := range memory[:n] {
			fmt.Println(tx.ID(), tx.Payload())
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// squares:0 0
	// squares:1 1
	// squares:2 4
	// squares:3 9
	// squares:4 16
	// EOF
}
