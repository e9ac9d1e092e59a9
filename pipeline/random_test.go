package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// pipeline makes a pipeline of random shape.
func (w *world) pipeline(r *rand.Rand) pipeline.Pipeline {
	patient := stage.Retry(retry.Policy{MaxAttempts: 1 + r.IntN(6), Backoff: time.Second})
	workers := func() stage.Option { return stage.Workers(1 + r.IntN(6)) }
	flow := pipeline.From[int](w, pipeline.With(pipeline.Policy{
		InFlight: 5 + r.IntN(50), FetchBatch: 1 + r.IntN(20), MaxDeliveries: 20, Drain: time.Minute, RunTimeout: 48 * time.Hour,
		Fetch: retry.Policy{MaxAttempts: retry.Unlimited, AttemptTimeout: time.Minute},
	})).Map(func(ctx context.Context, i int) (string, error) {
		return fmt.Sprint(i), w.trouble(ctx, "map")
	}, workers(), patient)
	for k := range r.IntN(4) {
		place := fmt.Sprint("stage", k)
		switch r.IntN(5) {
		case 0:
			flow = flow.Map(func(ctx context.Context, s string) (string, error) { return s, w.trouble(ctx, place) }, workers(), patient)
		case 1:
			flow = flow.MapBatch(1+r.IntN(3), time.Second, func(ctx context.Context, s []string) ([]string, error) {
				return slices.Clone(s), w.trouble(ctx, place)
			}, workers(), patient)
		case 2:
			flow = flow.Ordered()
		case 3:
			flow = flow.Ordered().KeyBy(func(tx ergon.Transaction[string]) string { return tx.Payload()[:1] })
		case 4:
			flow = flow.FlatMap(func(ctx context.Context, s string) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for _, c := range []string{"a", "b", "c"} {
						if err := w.trouble(ctx, place); err != nil {
							yield("", err)
							return
						}
						if !yield(s+c, nil) {
							return
						}
					}
				}
			}, workers(), patient)
		}
	}
	if r.IntN(2) == 0 {
		flow = flow.OnError(func(ctx context.Context, f ergon.Failure[int]) error { return w.trouble(ctx, "handler") })
	}
	if r.IntN(2) == 0 {
		flow = flow.DeadLetter(letters{w}, stage.Batch(1+r.IntN(5), time.Minute))
	}
	if r.IntN(2) == 0 {
		flow = flow.OnSuccess(func(ctx context.Context, _ ergon.Transaction[int]) error { return w.trouble(ctx, "success") })
	}
	batch := stage.Batch(1+r.IntN(4), time.Hour)
	if r.IntN(3) > 0 {
		return flow.To(store{w, "one"}, batch)
	}
	type way = pipeline.Flow[int, string]
	return flow.Fork(
		func(f way) pipeline.Pipeline { return f.To(store{w, "one"}, batch) },
		func(f way) pipeline.Pipeline {
			return f.Filter(func(s string) bool { return s[0] != '3' }).To(store{w, "two"})
		},
		func(f way) pipeline.Pipeline { return f.To(store{w, "spare"}, stage.BestEffort()) },
	)
}

// Whatever the shape of a pipeline and whatever goes wrong, everything that is
// fetched ends, nothing is settled twice, nothing is acked that is in no sink,
// and the ledger balances; through stops too.
func TestRandomPipelinesLoseNothing(t *testing.T) {
	for seed := range seeds() {
		if only := os.Getenv("ERGON_SEED"); only != "" && only != fmt.Sprint(seed) {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(seed, 40)
			r := rand.New(rand.NewPCG(seed, 1))
			p := w.pipeline(r)
			w.runs(t, fmt.Sprint("seed ", seed), p, func(turn int) time.Duration {
				if turn >= int(seed%3) { // some runs are stopped half-way
					return 0
				}
				return time.Duration(1+r.IntN(300)) * time.Second
			})
		})
		if t.Failed() {
			return
		}
	}
}

// runs runs a pipeline until everything is acked, again after each run that was
// stopped, and fails where something is lost. stopAfter says after which time a
// run is to be stopped; 0: never.
func (w *world) runs(t *testing.T, name string, p pipeline.Pipeline, stopAfter func(turn int) time.Duration) {
	defer time.Sleep(time.Hour) // code that was deaf to a stop has come back by then
	n := len(w.ready)
	for turn := 0; ; turn++ {
		ctx, cancel := context.WithCancel(lab.With(t.Context(), &lab.Lab{Slab: func() int { return w.slab }}))
		if d := stopAfter(turn); d > 0 {
			time.AfterFunc(d, cancel)
		}
		err := p.Run(ctx)
		cancel()
		if l := p.Ledger(); errors.Is(err, pipeline.ErrUnbalanced) || !l.Balanced() || l.InFlight != 0 {
			t.Fatalf("%s: %v: %v", name, l, err)
		}
		if w.ended(n) {
			break
		}
		if errors.Is(err, pipeline.ErrRunTimeout) {
			t.Fatalf("%s: %v: %v\nready %d waiting %d leased %v\n%v", name, p.Ledger(), err, len(w.ready), w.waiting, w.leased, p.Topology())
		}
		if turn > 20 {
			t.Fatalf("%s: %d of %d after %d runs: %v\n%v", name, len(w.acked), n, turn, err, p.Topology())
		}
	}
	time.Sleep(time.Hour)
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range n {
		if id := fmt.Sprint(i); !w.dead[id] && !w.has("one"+id) {
			t.Errorf("%s: %s is acked, and nowhere\n%v", name, id, p.Topology())
		}
	}
	for _, f := range w.faults {
		t.Errorf("%s: %s", name, f)
	}
}

// ended reports whether all n items are acked. If not, what the run could not
// settle comes again, as after a lease.
func (w *world) ended(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.acked) == n {
		return true
	}
	for _, i := range slices.Sorted(maps.Keys(w.leased)) {
		delete(w.leased, i)
		w.ready = append(w.ready, i)
	}
	return false
}

// has reports whether everything that comes of an item is stored: itself, or all
// three children of each level.
func (w *world) has(name string) bool {
	if w.stored[name] {
		return true
	}
	if len(name) > 10 {
		return false
	}
	return w.has(name+"a") && w.has(name+"b") && w.has(name+"c")
}

// seeds returns how many random pipelines are run: ERGON_SEEDS, or 300.
func seeds() uint64 {
	if n, err := strconv.ParseUint(os.Getenv("ERGON_SEEDS"), 10, 64); err == nil {
		return n
	}
	return 300
}
