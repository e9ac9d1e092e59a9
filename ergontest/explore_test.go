package ergontest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// Nothing is lost whatever goes wrong at whichever boundary, one thing at a time, of
// pipelines that have every feature between them.
func TestExploredPipelinesLoseNothing(t *testing.T) {
	in := []int{1, 2, 3, 4, 5}
	all := append(stockPipelines(), stock{name: "table", build: casePipeline}, stock{name: "family", build: caseFamily})
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			is := is.New(t)
			done := Explore(t, s.build, ExploreConfig[int]{In: in, Most: 150})
			is.True(done.Tried >= 70)          // there is much to explore in each
			is.Equal(done.Reached, done.Tried) // and a run does the same up to the fault
		})
	}
}

// What fails a first time is explored too.
func TestWhatFailsIsExplored(t *testing.T) {
	business := ergon.Business(errCase)
	tests := map[string][]Fault{
		"a second attempt":         {At("double", 1).Errors(errCase)},
		"a second batch":           {At("out", 1).Errors(errCase)},
		"a lost reply":             {At("out", 0).StoredBut(errCase)},
		"a dead letter":            {At("service", 1).Always(business)},
		"a dead letter that fails": {At("service", 1).Always(business), At(DeadLetters).Errors(errCase)},
		"what comes again":         {At("service", 1).Errors(errCase, errCase, errCase)},
		"a second settlement":      {At("settle", 1).Errors(errCase)},
		"a crash":                  {At("out", 1).CrashAfter()},
		"a stop":                   {At("double", 1).Stop()},
	}
	for name, faults := range tests {
		t.Run(name, func(t *testing.T) {
			Explore(t, casePipeline, ExploreConfig[int]{In: []int{1, 2, 3}, Faults: faults})
		})
	}
}

// explored explores a pipeline and returns what it finds, with what go test printed.
func explored(t *testing.T, c ExploreConfig[int], build func(*World[int]) pipeline.Pipeline) (Explored, string) {
	var faults []string
	done := explore(t, func(f []string) { faults = append(faults, f...) }, build, c)
	return done, strings.Join(faults, "\n")
}

// seenOnce returns a stage that drops what it has seen before: a way to lose what comes
// again.
func seenOnce(do func(context.Context, int) (int, error)) func(context.Context, int) (int, error) {
	var mu sync.Mutex
	seen := map[int]bool{}
	return func(ctx context.Context, n int) (int, error) {
		mu.Lock()
		again := seen[n]
		seen[n] = true
		mu.Unlock()
		if again {
			return 0, ergon.Drop("seen before")
		}
		return do(ctx, n)
	}
}

func TestExploreFinds(t *testing.T) {
	same := func(_ context.Context, n int) (int, error) { return n, nil }
	tests := []struct {
		name  string
		c     ExploreConfig[int]
		build func(w *World[int]) pipeline.Pipeline
		want  []string
	}{
		{"what is dropped when it comes again", ExploreConfig[int]{}, func(w *World[int]) pipeline.Pipeline {
			return pipeline.From(w.Source).Map(seenOnce(same)).Map(same).To(w.Sink[int]("out"))
		}, []string{`case "Explore: error at map-2 for \"test:0\", call 1"`, `lost: "test:0" in "out"`}},
		{"an error that is swallowed", ExploreConfig[int]{}, func(w *World[int]) pipeline.Pipeline {
			save := w.Fake("store", same)
			return pipeline.From(w.Source).Map(func(ctx context.Context, n int) (int, error) {
				if _, err := save(ctx, n); err != nil {
					return 0, ergon.Drop("cannot be stored")
				}
				return n, nil
			}).To(w.Sink[int]("out"))
		}, []string{`case "Explore: error at store for \"test:0\", call 1"`, `lost: "test:0" in "out"`, "try it alone with: ERGON_EXPLORE='store|test:0|1|error' go test -run '^TestExploreFinds$/^an_error_that_is_swallowed$'"}},
		{"a call that hangs after an error", ExploreConfig[int]{Within: time.Hour}, func(w *World[int]) pipeline.Pipeline {
			save := w.Fake("store", same)
			return pipeline.From(w.Source).Map(func(ctx context.Context, n int) (int, error) {
				if _, err := save(ctx, n); err != nil {
					select {}
				}
				return n, nil
			}).To(w.Sink[int]("out"))
		}, []string{"the run has not ended within 1h0m0s"}},
		{"duplicates that are not wanted", ExploreConfig[int]{Duplicates: -1}, casePipeline, []string{"times a sink got what it had stored before, and may 0 times"}},
		{"a want", ExploreConfig[int]{Want: []Want{GotInOrder("out", 2, 4, 6)}}, casePipeline, []string{`the order of what "out" holds`}},
		{"what is wrong without a fault", ExploreConfig[int]{Want: []Want{Nothing("out")}}, casePipeline, []string{`case "Explore, without a fault"`}},
		{"nothing to explore", ExploreConfig[int]{In: []int{}}, casePipeline, []string{"Explore: there is nothing In"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.c.In == nil {
				tt.c.In = []int{1, 2, 3}
			}
			_, got := explored(t, tt.c, tt.build)
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("want %s\nin %s", want, got)
				}
			}
		})
	}
}
