package scenarios

import (
	"context"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// Settings is how long and where scenarios run.
type Settings struct {
	Quick bool   // shorter samples, for a first look
	Dir   string // where files are put; removed by whoever made it
	Tell  func(format string, args ...any)
}

// sample is how long one sample is to take, about.
func (s Settings) sample() time.Duration {
	if s.Quick {
		return 40 * time.Millisecond
	}
	return 150 * time.Millisecond
}

// some returns the first number, or the second where it has to be quick.
func (s Settings) some(n, quick int) int {
	if s.Quick {
		return quick
	}
	return n
}

// Maker makes a scenario.
type Maker struct {
	Name  string
	Title string
	Open  func(context.Context, Settings) (*measure.Scenario, error)
	// Most is how many rounds are made at most in a quick run; 0: any number.
	Most int
}

// All returns every scenario, in the order of the goals.
func All() []Maker {
	return []Maker{
		oneStage(), threeStages(), threeStagesFourWorkers(), ordered(),
		cpu(), sleep(), retrying(), seam(), latency(), stages(), workers(), memory(),
		queue(), orders(),
	}
}
