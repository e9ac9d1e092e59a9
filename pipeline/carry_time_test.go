package pipeline_test

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// The time of an attempt begins with the attempt, not with that of whoever carries
// it on and was kept further down meanwhile.
func TestTheTimeOfAnAttemptThatIsCarriedBeginsWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		late, short := 0, time.Hour
		p := pipeline.From(source.Slice(upTo(20000))).
			Map(func(ctx context.Context, v int) (int, error) {
				until, ok := ctx.Deadline()
				is.True(ok)
				if left := time.Until(until); left < short {
					short = left
				}
				if ctx.Err() != nil {
					late++
				}
				return v, nil
			}, stage.Retry(retry.Policy{MaxAttempts: 1, AttemptTimeout: 5 * time.Second})).
			To(sink.Each(func(_ context.Context, v int) error {
				if v%2000 == 999 {
					time.Sleep(20 * time.Second)
				}
				return nil
			}))
		is.NoErr(p.Run(t.Context()))
		t.Log(late, short)
		is.Equal(late, 0)
		is.True(short > 4*time.Second)
	})
}

// A goroutine that an attempt has left behind asks its context while nothing is
// attempted: the next attempt has its time all the same.
func TestAStrayThatAsksBetweenTwoBatchesTakesNoTimeFromTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		calls, late := 0, 0
		next := 0
		src := source.Func(func(ctx context.Context) (int, error) {
			if next == 4 {
				return 0, io.EOF
			}
			if next == 2 {
				time.Sleep(10 * time.Second)
			}
			next++
			return next, nil
		})
		p := pipeline.From(src).
			MapBatch(2, time.Millisecond, func(ctx context.Context, vs []int) ([]int, error) {
				calls++
				if calls == 1 {
					go func() { time.Sleep(time.Second); _ = ctx.Err() }()
					return vs, nil
				}
				if ctx.Err() != nil {
					late++
					return nil, ctx.Err()
				}
				return vs, nil
			}, stage.Retry(retry.Policy{MaxAttempts: 1, AttemptTimeout: 5 * time.Second})).
			To(sink.Discard[int]())
		err := p.Run(t.Context())
		t.Log(calls, late, err, p.Ledger())
		is.Equal(late, 0)
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 4, Succeeded: 4})
	})
}
