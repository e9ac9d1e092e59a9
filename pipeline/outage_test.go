package pipeline_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
)

// A sink that is down is asked now and then, not once for everything that waits
// for it, and everything goes through once it is back.
func TestASinkThatIsDownIsBackpressureNotAStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		back := time.Now().Add(time.Hour)
		calls, stored := 0, 0
		store := sink.Func(func(_ context.Context, txs []ergon.Transaction[int]) error {
			if time.Now().Before(back) {
				calls++
				return errors.New("down")
			}
			stored += len(txs)
			return nil
		})
		p := pipeline.From(source.Slice(make([]int, 1000))).To(store)
		is.NoErr(p.Run(context.Background()))
		is.Equal(stored, 1000)
		is.True(calls < 1000) // 1,000 transactions wait for an hour; a wait is 15 s on average, at the cap
		is.True(time.Since(back) < time.Minute)
	})
}

// One batch that fails again and again does not hold up the others.
func TestABatchThatFailsAloneHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		began := time.Now()
		others := time.Duration(0)
		stored := 0
		store := sink.Func(func(_ context.Context, txs []ergon.Transaction[int]) error {
			if txs[0].Payload() == 0 && time.Since(began) < time.Hour {
				return errors.New("not this one")
			}
			stored++
			if stored == 99 {
				others = time.Since(began)
			}
			return nil
		})
		items := make([]int, 100)
		for i := range items {
			items[i] = i
		}
		is.NoErr(pipeline.From(source.Slice(items)).To(store).Run(context.Background()))
		is.Equal(stored, 100)
		is.True(others < time.Second)
	})
}
