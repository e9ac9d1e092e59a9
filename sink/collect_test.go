package sink_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/sink"
)

func TestCollectKeepsWhatCameInItsOrder(t *testing.T) {
	is := is.New(t)
	var got sink.Collect[string]
	is.Equal(got.Payloads(), []string{})
	is.NoErr(got.Dispatch(t.Context(), txs("a", "b")))
	is.NoErr(got.Dispatch(t.Context(), txs("c")))
	is.Equal(got.Payloads(), []string{"a", "b", "c"})
	is.Equal(got.Len(), 3)
	is.Equal(got.Transactions()[1].ID(), "t:1")
	got.Reset()
	is.Equal(got.Len(), 0)
}

func TestCollectKeepsNeitherTheCallersSliceNorGivesItsOwn(t *testing.T) {
	is := is.New(t)
	var got sink.Collect[int]
	batch := txs(1, 2)
	is.NoErr(got.Dispatch(t.Context(), batch))
	batch[0] = ergon.NewTransaction("other", 9)
	got.Transactions()[1] = ergon.NewTransaction("other", 9)
	got.Payloads()[1] = 9
	is.Equal(got.Payloads(), []int{1, 2})
}

func TestCollectIsReadWhileItIsWritten(t *testing.T) {
	is := is.New(t)
	var got sink.Collect[int]
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				_ = got.Dispatch(context.Background(), txs(1, 2))
				_, _ = got.Len(), got.Payloads()
			}
		})
	}
	all.Wait()
	is.Equal(got.Len(), 800)
}

func TestCollectThatIsNilIsRefused(t *testing.T) {
	is := is.New(t)
	var none *sink.Collect[int]
	refused[int](t, none, "sink.Collect: is nil")
	is.Equal(none.Len(), 0)
	is.Equal(len(none.Payloads()), 0)
	none.Reset()
}

func ExampleCollect() {
	var got sink.Collect[string]
	var s ergon.Sink[string] = &got // ends a pipeline: flow.To(&got)
	_ = s.Dispatch(context.Background(), []ergon.Transaction[string]{
		ergon.NewTransaction("1", "hello"),
		ergon.NewTransaction("2", "world"),
	})
	fmt.Println(got.Payloads(), got.Transactions()[1].ID())
	// Output: [hello world] 2
}

func ExampleCollect_Reset() {
	var got sink.Collect[int]
	_ = got.Dispatch(context.Background(), []ergon.Transaction[int]{ergon.NewTransaction("1", 7)})
	fmt.Println(got.Len())
	got.Reset()
	fmt.Println(got.Len())
	// Output:
	// 1
	// 0
}
