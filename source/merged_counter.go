package source

import (
	"context"

	"github.com/ergon-go/ergon"
)

// mergedCounter is a Merge of sources of which some count.
type mergedCounter[T any] struct{ m *merged[T] }

// Count returns the sum of those that count.
func (s mergedCounter[T]) Count(ctx context.Context) (int, error) {
	sum := 0
	for _, c := range s.m.children {
		counter, ok := c.source.(ergon.Counter)
		if !ok {
			continue
		}
		n, err := counter.Count(ctx)
		if err != nil {
			return 0, c.wrap(err)
		}
		sum += n
		if _, settles := c.source.(ergon.Settler[T]); !settles {
			s.m.mu.Lock()
			sum += len(c.held) // it has forgotten these
			s.m.mu.Unlock()
		}
	}
	return sum, nil
}
