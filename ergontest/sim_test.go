package ergontest

import (
	"os"
	"strconv"
	"testing"

	"github.com/matryer/is"
)

// TestSimulatedPipelinesLoseNothing runs every pipeline there is in stock, as many
// seeds in all as ERGON_SEEDS says: 2,200 unless set, and 220 under the race
// detector.
func TestSimulatedPipelinesLoseNothing(t *testing.T) {
	is := is.New(t)
	stock := stockPipelines()
	t.Setenv("ERGON_SEEDS", strconv.Itoa((stockSeeds()+len(stock)-1)/len(stock)))
	var all SimResult
	for _, s := range stock {
		t.Run(s.name, func(t *testing.T) {
			result := Sim(t, s.build, s.config)
			t.Log(result)
			all.merge(result)
		})
	}
	t.Log(all)
	if os.Getenv("ERGON_SEED") == "" && !all.Failed {
		is.True(all.Faults >= 100*all.Runs) // faults a run
		is.True(len(all.Kinds) >= 60)       // kinds of faults
		is.True(all.Crashes > 0 && all.Stops > 0)
	}
}

func stockSeeds() int {
	if n, err := strconv.Atoi(os.Getenv("ERGON_SEEDS")); err == nil {
		return n
	}
	if simRace {
		return 220
	}
	return 2200
}
