package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

func ExampleFunc() {
	left := 2
	countdown := source.Func(func(context.Context) (int, error) {
		if left == 0 {
			return 0, io.EOF
		}
		left--
		return left, nil
	})
	for {
		txs, err := countdown.Fetch(context.Background(), 10)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(txs[0].Payload())
	}
	// Output:
	// 1
	// 0
	// EOF
}

func ExampleFetchFunc() {
	var orders ergon.Source[string] = source.FetchFunc[string](
		func(_ context.Context, max int) ([]ergon.Transaction[string], error) {
			return []ergon.Transaction[string]{ergon.NewTransaction("order-7", "2 lamps")}, io.EOF
		})
	txs, err := orders.Fetch(context.Background(), 10)
	fmt.Println(txs[0].ID(), err)
	// Output: order-7 EOF
}

func TestFuncCallsOnceForEachFetch(t *testing.T) {
	is := is.New(t)
	broken, calls := errors.New("broken"), 0
	s := source.Func(func(context.Context) (string, error) {
		calls++
		switch calls {
		case 1:
			return "one", nil
		case 2:
			return "dropped", broken
		}
		return "dropped", io.EOF
	})
	for i, want := range []struct {
		payloads []string
		err      error
	}{{[]string{"one"}, nil}, {[]string{}, broken}, {[]string{}, io.EOF}} {
		txs, err := s.Fetch(t.Context(), 10)
		is.Equal(payloads(txs), want.payloads)
		is.Equal(err, want.err)
		is.Equal(calls, i+1)
	}
}

func TestFuncIsNotCalledForNothing(t *testing.T) {
	is := is.New(t)
	s := source.Func(func(context.Context) (int, error) { panic("called") })
	_, err := s.Fetch(t.Context(), 0)
	is.NoErr(err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Fetch(ctx, 1)
	is.Equal(err, context.Canceled)
}

func TestANilFunctionIsAFault(t *testing.T) {
	checkFaults(t, source.Func[int](nil), "source.Func: function: is nil")
	checkFaults(t, source.FetchFunc[int](nil), "source.FetchFunc: function: is nil")
}
