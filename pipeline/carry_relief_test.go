package pipeline_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// dripping is a source that hands out one number at a time, so that what is
// fetched is carried on, up to n.
func dripping(n int) *source.Function[int] { return drippingEvery(0, n) }

// drippingEvery is dripping with a pause before each number. Where there is one,
// everybody waits for the next.
func drippingEvery(pause time.Duration, n int) *source.Function[int] {
	next := 0
	return source.Func(func(context.Context) (int, error) {
		if next == n {
			return 0, io.EOF
		}
		next++
		time.Sleep(pause)
		return next, nil
	})
}

// Work that has taken no time is carried on by whoever made it, the fetcher too.
// Where it hangs all of a sudden, everything else goes on without it: the fetcher
// fetches, the stage above works, and only the slot of what hangs is taken.
func TestWhatHangsWhileItIsCarriedOnHoldsUpNothingElse(t *testing.T) {
	const hung = 300
	hang := func(_ context.Context, v int) (int, error) {
		if v == hung {
			time.Sleep(time.Hour)
		}
		return v, nil
	}
	for _, c := range []struct {
		name  string
		build func(pipeline.Flow[int, int]) pipeline.Flow[int, int]
	}{
		{"in the first stage, which the fetcher carries on", func(f pipeline.Flow[int, int]) pipeline.Flow[int, int] {
			return f.Map(hang, stage.Workers(2), stage.Retry(retry.Policy{AttemptTimeout: 2 * time.Hour}))
		}},
		{"in a later stage", func(f pipeline.Flow[int, int]) pipeline.Flow[int, int] {
			return f.Map(same).Map(hang, stage.Workers(2), stage.Retry(retry.Policy{AttemptTimeout: 2 * time.Hour}))
		}},
		{"below a stage that takes its time, whose worker carries it on", func(f pipeline.Flow[int, int]) pipeline.Flow[int, int] {
			return f.Map(func(_ context.Context, v int) (int, error) {
				time.Sleep(time.Microsecond)
				return v, nil
			}).Map(hang, stage.Workers(2), stage.Retry(retry.Policy{AttemptTimeout: 2 * time.Hour}))
		}},
	} {
		inBubble(t, c.name, func(t *testing.T) {
			is := is.New(t)
			began, stored, late := time.Now(), 0, 0
			p := c.build(pipeline.From(dripping(1000))).To(sink.Each(func(context.Context, int) error {
				stored++
				if time.Since(began) > time.Minute {
					late++
				}
				return nil
			}))
			is.NoErr(p.Run(t.Context()))
			is.Equal(stored, 1000)
			is.Equal(late, 1) // the one that hung
		})
	}
}

// What is finished does not wait for what hangs beside it: what several workers, or
// one, have taken at once is handed on where one of it takes its time.
func TestWhatIsFinishedDoesNotWaitForWhatHangs(t *testing.T) {
	for _, workers := range []int{1, 2} {
		inBubble(t, fmt.Sprint(workers, " workers"), func(t *testing.T) {
			is := is.New(t)
			began, late := time.Now(), 0
			values := make([]int, 300)
			for i := range values {
				values[i] = i
			}
			p := pipeline.From(source.Slice(values)).
				Map(func(_ context.Context, v int) (int, error) {
					if v == 250 {
						time.Sleep(time.Hour)
					}
					return v, nil
				}, stage.Workers(workers), stage.Retry(retry.Policy{AttemptTimeout: 2 * time.Hour})).
				To(sink.Each(func(_ context.Context, v int) error {
					if time.Since(began) > time.Minute && (v < 250 || workers > 1) {
						late++
					}
					return nil
				}))
			is.NoErr(p.Run(t.Context()))
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 300, Succeeded: 300})
			is.Equal(late, workers-1) // with two, the one that hung
		})
	}
}

// A worker that another has relieved takes its slot again only where one is free,
// and one whose goroutine was ended by what it carried on keeps its own: a stage never
// has more calls than workers.
func TestNoStageHasMoreCallsThanWorkersAfterARelief(t *testing.T) {
	for name, odd := range map[string]func(v int){
		"what is carried on takes its time": func(v int) {
			if v%97 == 0 {
				time.Sleep(10 * time.Millisecond)
			}
		},
		"and ends its goroutine": func(v int) {
			switch {
			case v%50 == 1 || v%50 == 2:
				runtime.Goexit()
			case v%97 == 0:
				time.Sleep(10 * time.Millisecond)
			}
		},
	} {
		inBubble(t, name, func(t *testing.T) {
			is := is.New(t)
			calls, most := 0, 0
			p := pipeline.From(dripping(2000)).
				Map(func(_ context.Context, v int) (int, error) {
					calls++ // one worker: never two at once
					most = max(most, calls)
					if v%50 == 0 {
						time.Sleep(time.Millisecond)
					}
					calls--
					return v, nil
				}).
				Map(func(_ context.Context, v int) (int, error) {
					odd(v)
					return v, nil
				}, stage.Workers(4)).
				OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).
				To(sink.Discard[int]())
			is.NoErr(p.Run(t.Context()))
			is.Equal(most, 1)
			l := p.Ledger()
			is.Equal(l, ergon.Ledger{Fetched: 2000, Succeeded: 2000 - l.Handled, Handled: l.Handled})
		})
	}
}
