package ergontest

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// TestSimulationHunts runs the pipelines in stock in turn, each with the next seed,
// as many runs as ERGON_HUNT says, until something is found. It says at which run:
// the figure by which a planted bug is measured.
func TestSimulationHunts(t *testing.T) {
	runs, err := strconv.Atoi(os.Getenv("ERGON_HUNT"))
	if err != nil {
		runs = 22
	}
	defer simSingly()()
	stock := stockPipelines()
	hunts := make([]*simulation[int], len(stock))
	for n := range runs {
		i := n % len(stock)
		if err == nil {
			fmt.Printf("hunt: run %d: %s\n", n+1, stock[i].name)
		}
		if hunts[i] == nil {
			hunts[i] = &simulation[int]{config: stock[i].config.orDefault(), build: stock[i].build, t: t}
			if found := hunts[i].learn(); len(found) > 0 {
				t.Fatalf("found in run %d: %s, without any fault: %s", n+1, stock[i].name, joinFaults(found))
			}
		}
		seed := uint64(n / len(stock))
		if run := hunts[i].run(seed); len(run.faults) > 0 {
			t.Fatalf("found in run %d: %s, seed %d: %s", n+1, stock[i].name, seed, joinFaults(run.faults))
		}
	}
}
