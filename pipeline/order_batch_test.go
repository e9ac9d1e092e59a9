package pipeline_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func identity(_ context.Context, vs []int) ([]int, error) { return vs, nil }

// What waits for its turn cannot join a batch above it, so the batch that has the
// first of them goes at once, and not after its time.
func TestABatchThatOthersWaitBehindGoesAtOnceAtTheEnd(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		began, calls := time.Now(), 0
		to := &ergontest.Sink[int]{}
		p := pipeline.From(source.Slice([]int{0, 1, 2})).
			Map(func(_ context.Context, v int) (int, error) {
				if v == 0 && calls == 0 {
					calls++
					return 0, errors.New("not yet")
				}
				return v, nil
			}, stage.Retry(oneSecond(2))).
			MapBatch(2, time.Hour, identity).Ordered().To(to, stage.Batch(10, time.Hour))
		is.NoErr(p.Run(t.Context()))
		is.Equal(to.Payloads(), []int{0, 1, 2})
		is.Equal(len(to.Batches()), 1)
		is.Equal(time.Since(began), time.Second)
	})
}

// A key that waits for its retry holds up nobody else, at a sink with batches too.
func TestI27_AKeyThatWaitsHoldsUpNoOtherAtASinkWithBatches(t *testing.T) {
	bubbled(t, "", func(t *testing.T) {
		is := is.New(t)
		began, failed := time.Now(), false
		at := map[int]time.Duration{}
		var mu sync.Mutex
		to := &ergontest.Sink[int]{}
		to.OnDispatch = func(_ context.Context, call int, txs []ergon.Transaction[int]) error {
			time.Sleep(time.Millisecond) // while the first batch is out, all others come
			errs := make(ergon.ItemErrors, len(txs))
			mu.Lock()
			defer mu.Unlock()
			for i, tx := range txs {
				switch {
				case tx.Payload() == 11 && !failed:
					failed = true
					errs[i] = ergon.RetryAfter(time.Hour, errors.New("later"))
				default:
					at[tx.Payload()] = time.Since(began)
				}
			}
			return errs
		}
		// Keys are the tens: two more of each come while the first of each is out.
		p := pipeline.From(source.Slice([]int{0, 10, 20, 1, 2, 11, 12, 21, 22})).
			KeyBy(func(tx ergon.Transaction[int]) string { return strconv.Itoa(tx.Payload() / 10) }).
			To(to, stage.Batch(3, time.Second), stage.Workers(2))
		is.NoErr(p.Run(t.Context()))
		is.True(at[22] < time.Minute) // its key does not wait
		is.True(at[2] < time.Minute)
		is.True(at[11] >= time.Hour)
	})
}
