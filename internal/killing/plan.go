package killing

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

const (
	// Usual is how many kills a package makes unless ERGON_KILLS says otherwise.
	Usual = 200

	killsVariable = "ERGON_KILLS"
	seedVariable  = "ERGON_SEED"
)

// Plan is how often a test kills, and when.
type Plan struct {
	Kills int
	Seed  uint64
}

// PlanOf returns the plan of a test whose share of the Usual kills is that many;
// of more, or fewer, its share is in proportion, and at least one. When the test
// fails it says how to have the same moments again.
func PlanOf(t testing.TB, share int) Plan {
	t.Helper()
	p := Plan{Kills: share, Seed: rand.Uint64()}
	if text := os.Getenv(killsVariable); text != "" {
		p.Kills = max(1, int(numberIn(t, killsVariable, text))*share/Usual)
	}
	if text := os.Getenv(seedVariable); text != "" {
		p.Seed = numberIn(t, seedVariable, text)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to kill at the same moments: %s=%d", seedVariable, p.Seed)
		}
	})
	return p
}

// numberIn returns the number that a variable of the environment holds.
func numberIn(t testing.TB, variable, text string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("killing: %s must be a whole number and is %q", variable, text)
	}
	return n
}

// Split returns the i-th of n parts of a plan, whose kills add up to its own.
func (p Plan) Split(i, n int) Plan {
	return Plan{Kills: max(1, p.Kills*(i+1)/n-p.Kills*i/n), Seed: rand.New(rand.NewPCG(p.Seed, uint64(i))).Uint64()}
}

// Killer returns a killer of children that do a job, at the moments of the plan.
func (p Plan) Killer(job string) *Killer {
	return &Killer{job: job, moments: rand.New(rand.NewPCG(p.Seed, 0))}
}
