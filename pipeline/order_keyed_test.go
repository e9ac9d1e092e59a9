package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// Below Ordered and KeyBy other keys go on past one that waits; whatever is put in
// order again stands as it was fetched.
func TestWhatKeysOvertakeIsPutInOrderAgain(t *testing.T) {
	type flow = pipeline.Flow[int, int]
	byUnits := func(tx ergon.Transaction[int]) string { return strconv.Itoa(tx.Payload() % 5) }
	byTens := func(tx ergon.Transaction[int]) string { return strconv.Itoa(tx.Payload() / 10) }
	often := stage.Retry(retry.Policy{MaxAttempts: retry.Unlimited, Backoff: time.Second, BackoffMultiplier: 1})
	for _, c := range []struct {
		name  string
		chain func(f flow, flaky func(context.Context, int) (int, error), to ergon.Sink[int]) pipeline.Pipeline
		sorts func(v int) int // what of a value must never fall; nil: the value
	}{
		{"one worker", func(f flow, flaky func(context.Context, int) (int, error), to ergon.Sink[int]) pipeline.Pipeline {
			return f.Ordered().KeyBy(byUnits).Map(flaky, often).To(to)
		}, nil},
		{"several workers and stages", func(f flow, flaky func(context.Context, int) (int, error), to ergon.Sink[int]) pipeline.Pipeline {
			return f.Ordered().KeyBy(byUnits).Map(flaky, stage.Workers(4), often).Map(flaky, stage.Workers(2), often).To(to, stage.Batch(3, time.Second))
		}, nil},
		{"in a branch", func(f flow, flaky func(context.Context, int) (int, error), to ergon.Sink[int]) pipeline.Pipeline {
			return f.Ordered().KeyBy(byUnits).Map(flaky, stage.Workers(4), often).Fork(
				func(f flow) pipeline.Pipeline { return f.Map(flaky, stage.Workers(3), often).To(to) },
				func(f flow) pipeline.Pipeline { return f.To(&ergontest.Sink[int]{}) },
			)
		}, nil},
		{"another key below", func(f flow, flaky func(context.Context, int) (int, error), to ergon.Sink[int]) pipeline.Pipeline {
			return f.KeyBy(byUnits).Map(flaky, stage.Workers(4), often).KeyBy(byTens).Map(unchanged, stage.Workers(2)).To(to)
		}, func(v int) int { return v % 10 }},
		{"a group below", func(f flow, flaky func(context.Context, int) (int, error), to ergon.Sink[int]) pipeline.Pipeline {
			all := f.KeyBy(byUnits).Ordered().Map(flaky, stage.Workers(4), often).Group(4, time.Minute)
			return all.KeyBy(func(ergon.Transaction[[]int]) string { return "" }).To(ungrouped{to})
		}, nil},
	} {
		bubbled(t, c.name, func(t *testing.T) {
			is := is.New(t)
			flaky := func(_ context.Context, v int) (int, error) {
				if time.Now().UnixNano()/int64(time.Second)%3 != int64(v%3) {
					return 0, errors.New("not now")
				}
				return v, nil
			}
			values := make([]int, 60)
			for i := range values {
				values[i] = i
			}
			to := &ergontest.Sink[int]{}
			p := c.chain(pipeline.From(ergontest.NewSource(values...)), flaky, to)
			is.NoErr(p.Run(t.Context()))
			got := to.Payloads()
			is.Equal(len(got), len(values))
			if c.sorts == nil {
				is.True(slices.IsSorted(got)) // in the order of fetching
				return
			}
			last := map[string]int{}
			for _, v := range got {
				key := fmt.Sprint(v / 10)
				is.True(c.sorts(v) >= last[key]) // each key in order
				last[key] = c.sorts(v)
			}
		})
	}
}

// ungrouped hands the members of groups to a sink.
type ungrouped struct{ to ergon.Sink[int] }

func (u ungrouped) Dispatch(ctx context.Context, groups []ergon.Transaction[[]int]) error {
	var txs []ergon.Transaction[int]
	for _, g := range groups {
		for i, v := range g.Payload() {
			txs = append(txs, ergon.NewTransaction(fmt.Sprint(g.ID(), i), v))
		}
	}
	return u.to.Dispatch(ctx, txs)
}

func TestOrderThatIsLostInGroupsIsRefused(t *testing.T) {
	is := is.New(t)
	key := func(ergon.Transaction[int]) string { return "" }
	all := func(ergon.Transaction[[]int]) string { return "" }
	p := pipeline.From(ergontest.NewSource(1)).Ordered().KeyBy(key).Group(2, time.Second).KeyBy(all).
		Map(func(_ context.Context, v []int) ([]int, error) { return v, nil }).To(&ergontest.Sink[[]int]{})
	err := p.Validate()
	is.True(errors.Is(err, ergon.ErrConfig))
	is.True(strings.Contains(err.Error(), "the order of fetching is lost"))
}
