package ergontest

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ergon-go/ergon/ergontest/internal/faults"
)

// SimResult is what Sim has done.
type SimResult struct {
	Runs       int
	Faults     int            // injected
	Kinds      map[string]int // how often each kind of fault was
	Virtual    time.Duration  // how long it all took, in virtual time
	Turns      int            // how often a pipeline was started
	Crashes    int            // how often its process died
	Stops      int            // how often it was told to stop
	Fetched    int            // transactions handed out
	Stored     int            // things stored, those known included
	Duplicates int            // things stored that were there already
	Failed     bool
	FailedSeed uint64
}

// String is the result on one line.
func (r SimResult) String() string {
	return fmt.Sprintf("%d runs, %.0f faults a run of %d kinds, %.0f virtual hours, %d starts, %d stops, %d crashes, %d fetched, %d stored, %d duplicates",
		r.Runs, float64(r.Faults)/float64(max(1, r.Runs)), len(r.Kinds), r.Virtual.Hours(), r.Turns, r.Stops, r.Crashes, r.Fetched, r.Stored, r.Duplicates)
}

// merge adds another result.
func (r *SimResult) merge(o SimResult) {
	r.Runs += o.Runs
	r.Faults += o.Faults
	r.Virtual += o.Virtual
	r.Turns += o.Turns
	r.Crashes += o.Crashes
	r.Stops += o.Stops
	r.Fetched += o.Fetched
	r.Stored += o.Stored
	r.Duplicates += o.Duplicates
	if r.Kinds == nil {
		r.Kinds = map[string]int{}
	}
	for k, n := range o.Kinds {
		r.Kinds[k] += n
	}
	if o.Failed && !r.Failed {
		r.Failed, r.FailedSeed = true, o.FailedSeed
	}
}

// add adds one run.
func (r *SimResult) add(run *simRun) {
	one := SimResult{
		Runs: 1, Virtual: run.took, Turns: run.turns, Crashes: run.crashes, Stops: run.stops,
		Fetched: run.fetched, Stored: run.storings, Duplicates: run.duplicates, Kinds: map[string]int{},
	}
	for k := range faults.Kinds {
		if n := run.injected[k]; n > 0 {
			one.Faults += n
			one.Kinds[k.String()] += n
		}
	}
	r.merge(one)
}

// simRange returns which seeds are run: those asked for, or what the environment
// says instead.
func simRange(first uint64, seeds int) (uint64, uint64, error) {
	if only := os.Getenv("ERGON_SEED"); only != "" {
		seed, err := strconv.ParseUint(only, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("ERGON_SEED is no number: %w", err)
		}
		return seed, 1, nil
	}
	if many := os.Getenv("ERGON_SEEDS"); many != "" {
		n, err := strconv.ParseUint(many, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("ERGON_SEEDS is no number: %w", err)
		}
		return first, n, nil
	}
	return first, uint64(seeds), nil
}

// simSingly makes everything run on one processor, and returns what undoes that.
func simSingly() func() {
	if simRace {
		return func() {}
	}
	before := runtime.GOMAXPROCS(1)
	return func() { runtime.GOMAXPROCS(before) }
}

func joinFaults(found []string) string {
	const most = 8
	if len(found) > most {
		found = append(slices.Clone(found[:most]), fmt.Sprintf("and %d more", len(found)-most))
	}
	return strings.Join(found, "\n\t")
}
