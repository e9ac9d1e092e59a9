package pipeline_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// mischief is a stage that takes any time, fails some of the time and for good,
// and drops some: what it does is decided by a seed and the value.
type mischief struct {
	seed uint64

	mu    sync.Mutex
	tries map[string]int
}

func (m *mischief) dice(v int, what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tries == nil {
		m.tries = map[string]int{}
	}
	at := fmt.Sprint(what, v)
	m.tries[at]++
	r := rand.New(rand.NewPCG(m.seed, uint64(v*1000+m.tries[at])))
	return r.IntN(100)
}

func (m *mischief) do(_ context.Context, v int) (int, error) {
	n := m.dice(v, "do")
	time.Sleep(time.Duration(n) * time.Second)
	switch {
	case v%13 == 5:
		return 0, ergon.Business(errNotNow)
	case v%11 == 3:
		return 0, ergon.Drop("not wanted")
	case n < 30:
		return 0, errNotNow
	}
	return v, nil
}

func (m *mischief) batch(_ context.Context, vs []int) ([]int, error) {
	errs := make(ergon.ItemErrors, len(vs))
	for i, v := range vs {
		if m.dice(v, "batch") < 20 {
			errs[i] = errNotNow
		}
	}
	time.Sleep(time.Duration(m.dice(vs[0], "time")) * time.Second)
	return vs, errs
}

// twice yields each value and its negative.
func (m *mischief) twice(_ context.Context, v int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		if !yield(v, nil) {
			return
		}
		if m.dice(v, "twice") < 30 {
			yield(0, errNotNow)
			return
		}
		yield(-v, nil)
	}
}

var often = stage.Retry(retry.Policy{MaxAttempts: retry.Unlimited})

// orderShapes are ways down to the sink on which order has to be kept.
var orderShapes = []struct {
	name   string
	double bool // each value comes with its negative
	build  func(f pipeline.Flow[int, int], m *mischief, workers int, to ergon.Sink[int]) pipeline.Pipeline
}{
	{"one stage", false, func(f pipeline.Flow[int, int], m *mischief, n int, to ergon.Sink[int]) pipeline.Pipeline {
		return f.Ordered().Map(m.do, stage.Workers(n), often).To(to)
	}},
	{"late", false, func(f pipeline.Flow[int, int], m *mischief, n int, to ergon.Sink[int]) pipeline.Pipeline {
		return f.Map(m.do, stage.Workers(n), often).Filter(func(v int) bool { return v%7 != 1 }).Ordered().To(to, stage.Batch(5, time.Second))
	}},
	{"late below a FlatMap", true, func(f pipeline.Flow[int, int], m *mischief, n int, to ergon.Sink[int]) pipeline.Pipeline {
		return f.Map(m.do, stage.Workers(n), often).FlatMap(m.twice, stage.Workers(n), often).Ordered().To(to)
	}},
	{"a FlatMap in order", true, func(f pipeline.Flow[int, int], m *mischief, n int, to ergon.Sink[int]) pipeline.Pipeline {
		return f.Ordered().FlatMap(m.twice, stage.Workers(n), often).Map(unchanged, stage.Workers(n)).To(to, stage.Batch(3, 0))
	}},
	{"a MapBatch in order", false, func(f pipeline.Flow[int, int], m *mischief, n int, to ergon.Sink[int]) pipeline.Pipeline {
		return f.Ordered().Map(m.do, stage.Workers(n), often).MapBatch(4, time.Minute, m.batch, stage.Workers(n), often).To(to, stage.Batch(3, 0))
	}},
	{"late on a branch", false, func(f pipeline.Flow[int, int], m *mischief, n int, to ergon.Sink[int]) pipeline.Pipeline {
		return f.Map(m.do, stage.Workers(n), often).Fork(
			func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.Map(unchanged).Ordered().To(to) },
			func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(&ergontest.Sink[int]{}) },
		)
	}},
	{"routed, in order on a branch", false, func(f pipeline.Flow[int, int], m *mischief, n int, to ergon.Sink[int]) pipeline.Pipeline {
		return f.Map(m.do, stage.Workers(n), often).Route(func(v int) int { return v % 2 },
			func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.Ordered().To(to) },
			func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(&ergontest.Sink[int]{}) },
		)
	}},
}

// Below Ordered the sink gets everything in the order of fetching, one Dispatch
// at a time, whatever happens above.
func TestOrderedKeepsTheOrderOfFetching(t *testing.T) {
	for _, shape := range orderShapes {
		for workers := 1; workers <= 8; workers++ {
			bubbled(t, fmt.Sprintf("%s, %d workers", shape.name, workers), func(t *testing.T) {
				is := is.New(t)
				m, to := &mischief{seed: uint64(workers)}, &ergontest.Sink[int]{}
				to.OnDispatch = func(_ context.Context, call int, txs []ergon.Transaction[int]) error {
					time.Sleep(time.Millisecond)
					errs := make(ergon.ItemErrors, len(txs))
					if call%5 == 0 {
						errs[0] = errNotNow
					}
					return errs
				}
				values := make([]int, 100)
				for i := range values {
					values[i] = i + 1
				}
				f := pipeline.From(source.Slice(values), pipeline.With(pipeline.Policy{FetchBatch: 7, InFlight: 40})).
					DeadLetter(&ergontest.Sink[int]{})
				p := shape.build(f, m, workers, to)
				is.NoErr(p.Run(t.Context()))
				is.True(p.Ledger().Balanced())
				is.Equal(p.Ledger().Settled(), int64(100))
				is.Equal(to.Concurrency(), 1)
				is.True(len(to.Payloads()) > 30)
				is.True(inOrder(firsts(to), shape.double))
			})
		}
	}
}

// firsts returns what was handed to a sink at the first try of each, in order.
func firsts(to *ergontest.Sink[int]) []int {
	var all []int
	seen := map[string]bool{}
	for _, b := range to.Batches() {
		for _, tx := range b.Transactions {
			if !seen[tx.ID()] {
				seen[tx.ID()] = true
				all = append(all, tx.Payload())
			}
		}
	}
	return all
}

// inOrder reports whether values only grow; if double, each followed by its negative.
func inOrder(values []int, double bool) bool {
	if !double {
		return slices.IsSorted(values)
	}
	for i := 0; i+1 < len(values); i += 2 {
		if values[i+1] != -values[i] || i > 0 && values[i] < values[i-2] {
			return false
		}
	}
	return len(values)%2 == 0
}

// Each key keeps its order, in every stage and at the sink, retries included,
// and no two calls of a stage are for one key at once.
func TestI27_AKeyKeepsItsOrder(t *testing.T) {
	key := func(tx ergon.Transaction[int]) string { return strconv.Itoa(tx.Payload() % 5) }
	for seed := range uint64(8) {
		bubbled(t, fmt.Sprint(seed), func(t *testing.T) {
			is := is.New(t)
			m, to := &mischief{seed: seed}, &ergontest.Sink[int]{}
			var mu sync.Mutex
			busy, most := map[int]bool{}, 0
			one := func(ctx context.Context, v int) (int, error) {
				mu.Lock()
				if busy[v%5] {
					t.Errorf("%d is called beside another of its key", v)
				}
				busy[v%5] = true
				most = max(most, len(busy))
				mu.Unlock()
				defer func() {
					mu.Lock()
					defer mu.Unlock()
					delete(busy, v%5)
				}()
				return m.do(ctx, v)
			}
			to.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error {
				time.Sleep(time.Duration(m.dice(int(seed), "sink")) * time.Second)
				if m.dice(int(seed), "fails") < 20 {
					return errNotNow
				}
				return nil
			}
			values := make([]int, 100)
			for i := range values {
				values[i] = i
			}
			flaky := func(_ context.Context, v int) (int, error) {
				if m.dice(v, "flaky") < 30 {
					return 0, errNotNow
				}
				return v, nil
			}
			p := pipeline.From(source.Slice(values)).Map(flaky, often).KeyBy(key).
				Map(one, stage.Workers(4), often).Map(unchanged, stage.Workers(3)).
				DeadLetter(&ergontest.Sink[int]{}).To(to, stage.Workers(4), stage.Batch(3, time.Second))
			is.NoErr(p.Run(t.Context()))
			is.True(p.Ledger().Balanced())
			is.True(most > 1) // other keys go on
			is.True(to.Concurrency() > 1)
			last := map[int]int{}
			for _, v := range to.Payloads() {
				before, some := last[v%5]
				is.True(!some || before < v)
				last[v%5] = v
			}
			is.Equal(len(last), 5)
		})
	}
}

// A head that waits keeps what was fetched behind it in memory, but no more than
// may be in flight.
func TestI14_ASlowHeadBoundsWhatIsFetched(t *testing.T) {
	for _, late := range []bool{false, true} {
		bubbled(t, fmt.Sprint(late), func(t *testing.T) {
			is := is.New(t)
			source, to := ergontest.NewSource(make([]int, 1000)...), &ergontest.Sink[int]{}
			slow := func(_ context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) {
				if strings.HasSuffix(tx.ID(), ":0") {
					time.Sleep(time.Hour)
				}
				return tx, nil
			}
			f := pipeline.From(source, pipeline.With(pipeline.Policy{InFlight: 50}))
			if late {
				f = f.Transform(slow, stage.Workers(4)).Ordered()
			} else {
				f = f.Ordered().Transform(slow, stage.Workers(4))
			}
			p := f.To(to)
			time.AfterFunc(30*time.Minute, func() {
				is.Equal(p.Ledger(), ergon.Ledger{Fetched: 50, InFlight: 50})
				is.Equal(len(to.Payloads()), 0)
			})
			is.NoErr(p.Run(t.Context()))
			is.Equal(to.IDs()[0], "test:0")
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1000, Succeeded: 1000})
		})
	}
}
