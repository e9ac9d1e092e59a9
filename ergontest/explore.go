package ergontest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// ExploreConfig says what Explore feeds a pipeline with, and what must hold. The
// zero value of everything but In is useful.
type ExploreConfig[T any] struct {
	// In are the payloads that the source has, with the ids "test:0", "test:1" and
	// so on, and Transactions what it has behind them.
	In           []T
	Transactions []ergon.Transaction[T]
	// Faults go wrong in every run, the one without a further fault included: so that
	// there is a second attempt, or a failure, at which something else goes wrong.
	// What they do to a transaction must not depend on which others it is with.
	Faults []Fault
	// Want is what must be so at the end of each run, whatever went wrong: OrderPerKey,
	// for one.
	Want []Want
	// Duplicates is how often a run may hand a sink what it has stored before, below 0
	// never. Where it is 0, that is as often as the source has handed out the
	// transaction again, or the sink has said of it that it failed; and a transaction
	// with which nothing was wrong is handed out again after a stop or a crash alone.
	Duplicates int
	// Most is how many faults are tried at most, 2,000 unless set. Of more, as many are
	// left out, evenly.
	Most int
	// Lease is how long the source leases what it hands out; 0: it does not.
	Lease time.Duration
	// Once calls Run instead of Stream.
	Once bool
	// Within is how much virtual time each run has to end; 0 is LongestRun.
	Within time.Duration
}

// Explored is what Explore has done.
type Explored struct {
	Boundaries int // crossed in the run without a further fault
	Faults     int // there are, of all kinds at all boundaries
	Tried      int
	Reached    int // of those tried, that came about
	Failed     int
}

// mostExplored is how many faults are tried unless a config says otherwise.
const mostExplored = 2000

// mostExploredFailures is how many failures are told of before Explore gives up.
const mostExploredFailures = 5

// Explore runs a pipeline again and again, each time in virtual time of its own
// with one fault at one boundary, in turn: at each fetch that brings something and
// the first that does not, at each call of each stage, fake, sink, handler and
// OnSuccess for each transaction, and at each settlement. A fault is an error, a
// refusal (an error that is ergon.Business), a panic, a timeout (a call that lasts
// until its context ends), a cancel (the run is told to stop), a crash before or
// after the call, or a lost reply. After a cancel or a crash the pipeline is built
// anew and goes on with the same source and sinks until the source has no more.
//
// What Run promises is checked each time. What is more, every transaction must end,
// and everything be in the sinks that came of it in a first run without the fault,
// unless the fault was for the transaction and made it fail, and it was set aside or
// dealt with by OnError. Nothing else may be in the sinks, and nothing more often
// than the config allows.
//
// Explore logs how many boundaries and faults there were, and how many it left out.
// A failure says at which boundary and with which fault, and how to try that one
// alone: ERGON_EXPLORE in the environment names it. The order is always the same.
//
// build is called anew for each run and must do the same each time. Explore must
// not be called in a bubble.
func Explore[T any](t *testing.T, build func(w *World[T]) pipeline.Pipeline, c ExploreConfig[T]) Explored {
	t.Helper()
	return explore(t, failing(t), build, c)
}

func explore[T any](t *testing.T, report func([]string), build func(*World[T]) pipeline.Pipeline, c ExploreConfig[T]) Explored {
	t.Helper()
	defer simSingly()()
	x := &exploration[T]{ExploreConfig: c, build: build, t: t}
	if !x.learn(report) {
		return x.result
	}
	probes, err := x.chosen()
	if err != nil {
		report([]string{err.Error()})
		return x.result
	}
	for _, p := range probes {
		if faults := x.try(p); len(faults) > 0 {
			report(faults)
			if x.result.Failed++; x.result.Failed == mostExploredFailures {
				t.Logf("ergontest: Explore gives up after %d failures", x.result.Failed)
				break
			}
		}
	}
	t.Logf("ergontest: Explore crossed %d boundaries, at which %d faults are possible; it tried %d of them, left out %d, and %d came about",
		x.result.Boundaries, x.result.Faults, x.result.Tried, x.result.Faults-x.result.Tried, x.result.Reached)
	return x.result
}

// exploration is one call of Explore.
type exploration[T any] struct {
	ExploreConfig[T]
	build      func(*World[T]) pipeline.Pipeline
	t          *testing.T
	boundaries []exploreBoundary
	reference  []map[simWhere]bool // what comes of each input
	spares     map[string]bool     // the sinks that nobody waits for
	result     Explored
}

// chosen returns the faults that are tried.
func (x *exploration[T]) chosen() ([]*exploreProbe, error) {
	var all []*exploreProbe
	for _, b := range x.boundaries {
		for _, kind := range b.kinds() {
			all = append(all, &exploreProbe{exploreBoundary: b, kind: kind})
		}
	}
	x.result.Boundaries, x.result.Faults = len(x.boundaries), len(all)
	if only := os.Getenv("ERGON_EXPLORE"); only != "" {
		i := slices.IndexFunc(all, func(p *exploreProbe) bool { return p.name() == only })
		if i < 0 {
			return nil, fmt.Errorf("Explore: ERGON_EXPLORE is %q: there is no such fault, but %q and others", only, all[0].name())
		}
		return all[i : i+1], nil
	}
	most := x.Most
	if most <= 0 {
		most = mostExplored
	}
	if len(all) <= most {
		return all, nil
	}
	some := make([]*exploreProbe, most)
	for i := range some {
		some[i] = all[i*len(all)/most]
	}
	return some, nil
}

// command says how to try one fault alone.
func (x *exploration[T]) command(p *exploreProbe) string {
	return fmt.Sprintf("ERGON_EXPLORE='%s' go test -run '^%s$'", p.name(), strings.ReplaceAll(x.t.Name(), "/", "$/^"))
}
