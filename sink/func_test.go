package sink_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/sink"
)

func TestFuncIsCalledWithTheBatchAndItsAnswerIsKept(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name   string
		answer error
	}{
		{"all are stored", nil},
		{"none is", broken},
		{"some are not", ergon.ItemErrors{nil, broken}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var ids []string
			s := sink.Func(func(_ context.Context, txs []ergon.Transaction[int]) error {
				for _, tx := range txs {
					ids = append(ids, tx.ID())
				}
				return tt.answer
			})
			is.Equal(s.Dispatch(t.Context(), txs(1, 2)), tt.answer)
			is.Equal(ids, []string{"t:0", "t:1"})
		})
	}
}

func TestNilFunctionsAreRefused(t *testing.T) {
	refused(t, sink.Func[int](nil), "sink.Func: store: is nil")
	refused(t, sink.Each[int](nil), "sink.Each: store: is nil")
}

func TestEachReportsWhatBecameOfEveryPayload(t *testing.T) {
	cut, cancel := context.WithCancelCause(context.Background())
	tests := []struct {
		name  string
		ctx   context.Context
		store func(int) error
		want  []string // nil: no error
		calls int
	}{
		{"all are stored", t.Context(), func(int) error { return nil }, nil, 3},
		{"one is not", t.Context(), func(n int) error {
			if n == 1 {
				return errors.New("broken")
			}
			return nil
		}, []string{"", "broken", ""}, 3},
		{"one panics", t.Context(), func(n int) error {
			if n == 1 {
				panic("oh")
			}
			return nil
		}, []string{"", "panic: oh", ""}, 3},
		{"the context ends after the second", cut, func(n int) error {
			if n == 1 {
				cancel(errors.New("enough"))
			}
			return nil
		}, []string{"", "", "enough"}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			calls := 0
			s := sink.Each(func(_ context.Context, n int) error {
				calls++
				return tt.store(n)
			})
			err := s.Dispatch(tt.ctx, txs(numbers(3)...))
			if tt.want == nil {
				is.NoErr(err)
			} else {
				is.Equal(texts(err), tt.want)
			}
			is.Equal(calls, tt.calls)
		})
	}
}

func ExampleFunc() {
	stored := map[string]int{} // a table with the id as its key
	s := sink.Func(func(_ context.Context, txs []ergon.Transaction[int]) error {
		for _, tx := range txs {
			stored[tx.ID()] = tx.Payload()
		}
		return nil
	})
	again := ergon.NewTransaction("order-1", 7)
	_ = s.Dispatch(context.Background(), []ergon.Transaction[int]{again})
	_ = s.Dispatch(context.Background(), []ergon.Transaction[int]{again})
	fmt.Println(stored)
	// Output: map[order-1:7]
}

func ExampleEach() {
	s := sink.Each(func(_ context.Context, n int) error {
		if n < 0 {
			return ergon.Business(errors.New("negative"))
		}
		fmt.Println("stored", n)
		return nil
	})
	err := s.Dispatch(context.Background(), []ergon.Transaction[int]{
		ergon.NewTransaction("1", 1), ergon.NewTransaction("2", -1), ergon.NewTransaction("3", 3),
	})
	fmt.Println(err)
	// Output:
	// stored 1
	// stored 3
	// ergon: 1 of 3 failed, the first: negative
}
