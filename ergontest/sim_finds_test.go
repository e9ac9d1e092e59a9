package ergontest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"
	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// simulated returns the first run of some seeds in which something is found, and
// what simulates it.
func simulated(t *testing.T, build func(*World[int]) pipeline.Pipeline, seeds int) (*simulation[int], *simRun) {
	t.Helper()
	defer simSingly()()
	s := &simulation[int]{config: SimConfig[int]{Make: func(i int) int { return i }}.orDefault(), build: build, t: t}
	if found := s.learn(); len(found) > 0 {
		return s, &simRun{faults: found, blamed: -1}
	}
	for seed := range uint64(seeds) {
		if run := s.run(seed); len(run.faults) > 0 {
			return s, run
		}
	}
	return s, nil
}

// forgetful is a sink that does not tell of single items that were not stored.
type forgetful struct{ ergon.Sink[string] }

func (f forgetful) Dispatch(ctx context.Context, txs []ergon.Transaction[string]) error {
	err := f.Sink.Dispatch(ctx, txs)
	if items := (ergon.ItemErrors)(nil); errors.As(err, &items) {
		return nil
	}
	return err
}

func lossy(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, stockPolicy).Map(stockText).To(forgetful{w.Sink[string]("rows")}, stage.Batch(3, time.Second))
}

func TestSimFindsMistakes(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(*World[int]) pipeline.Pipeline
		want  string // in what is found; empty: nothing is
	}{
		{"none", stockBatch, ""},
		{"errors of items are not passed on", lossy, "is not in rows"},
		{"a stage stores, and swallows the error", func(w *World[int]) pipeline.Pipeline {
			audit := w.Sink[int]("audit")
			return stockFrom(w, stockPolicy).Transform(func(ctx context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) {
				_ = audit.Dispatch(ctx, []ergon.Transaction[int]{tx})
				return tx, nil
			}).To(w.Sink[int]("rows"))
		}, "is not in audit"},
		{"what was seen once is dropped the second time", func(w *World[int]) pipeline.Pipeline {
			seen := map[int]bool{}
			return stockFrom(w, stockPolicy).Filter(func(i int) bool {
				again := seen[i]
				seen[i] = true
				return !again
			}).To(w.Sink[int]("rows"))
		}, "is not in rows"},
		{"another result each time", func(w *World[int]) pipeline.Pipeline {
			return stockFrom(w, stockPolicy).Filter(func(int) bool { return rand.IntN(2) == 0 }).To(w.Sink[int]("rows"))
		}, "has to do the same"},
		{"a goroutine is left", func(w *World[int]) pipeline.Pipeline {
			return stockFrom(w, stockPolicy).Map(func(ctx context.Context, i int) (int, error) {
				var scope conc.WaitGroup
				scope.Go(func() { time.Sleep(24 * time.Hour) })
				return i, nil
			}).To(w.Sink[int]("rows"))
		}, "a goroutine is left"},
		{"it takes too long", func(w *World[int]) pipeline.Pipeline {
			return stockFrom(w, stockPolicy).Map(func(_ context.Context, i int) (int, error) {
				time.Sleep(10 * time.Minute)
				return i, nil
			}).To(w.Sink[int]("rows"))
		}, "has not ended within 6h0m0s"},
		{"nothing is made right", func(w *World[int]) pipeline.Pipeline {
			return pipeline.From(w.Source).To(nil)
		}, "the sink is nil"},
		{"everything is called handled, which is for the user to say", func(w *World[int]) pipeline.Pipeline {
			return stockFrom(w, stockPolicy).Map(stockText).
				OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).
				To(w.Sink[string]("rows"))
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			_, run := simulated(t, c.build, 50)
			is.Equal(run != nil, c.want != "")
			if run != nil && !strings.Contains(joinFaults(run.faults), c.want) {
				t.Errorf("found %s; want %q", joinFaults(run.faults), c.want)
			}
		})
	}
}

func TestAReportSaysHowToGoOn(t *testing.T) {
	is := is.New(t)
	s, run := simulated(t, lossy, 50)
	is.True(run != nil)
	report := s.report(run)
	for _, want := range []string{
		fmt.Sprintf("seed %d: ", run.seed),
		fmt.Sprintf("ERGON_SEED=%d GOMAXPROCS=1 go test -run '^TestAReportSaysHowToGoOn$'", run.seed),
		"it reproduces 20 times of 20",
		"transactions suffice, and these faults: [",
		"what happened to \"sim:",
		"[sink item error]",
		"what happened last:",
	} {
		if !strings.Contains(report, want) {
			t.Errorf("no %q in the report:\n%s", want, report)
		}
	}
}

// At least 95 of 100 seeds that fail have to fail again.
func TestSeedsThatFailFailAgain(t *testing.T) {
	defer simSingly()()
	const enough = 60
	failed, again, same := 0, 0, 0
	for _, c := range []stock{{"lossy", lossy, SimConfig[int]{}}, {"swallowed", swallowing, SimConfig[int]{}}} {
		s := &simulation[int]{config: SimConfig[int]{Make: func(i int) int { return i }}.orDefault(), build: c.build, t: t}
		is.New(t).Equal(s.learn(), nil)
		for seed, of := uint64(0), 0; of < enough; seed++ {
			run := s.run(seed)
			if len(run.faults) == 0 {
				continue
			}
			of++
			failed++
			rerun := s.run(seed)
			if len(rerun.faults) > 0 {
				again++
			}
			if joinFaults(rerun.faults) == joinFaults(run.faults) {
				same++
			}
		}
	}
	t.Logf("of %d seeds that failed, %d failed again, %d of them in the same way", failed, again, same)
	if !simRace && again*100 < failed*95 {
		t.Errorf("of %d seeds that failed, %d failed again", failed, again)
	}
}

// swallowing loses what comes of children.
func swallowing(w *World[int]) pipeline.Pipeline {
	ask := w.Fake("service", stockText)
	return stockFrom(w, stockPolicy).
		Map(func(ctx context.Context, i int) (int, error) {
			if _, err := ask(ctx, i); err != nil {
				return 0, ergon.Business(err)
			}
			return i, nil
		}, stage.Workers(4), stockRetry).
		FlatMap(stockSplit(w, "other"), stage.Workers(3), stockRetry).
		To(forgetful{w.Sink[string]("rows")}, stage.Batch(3, time.Second), stage.Workers(2))
}
