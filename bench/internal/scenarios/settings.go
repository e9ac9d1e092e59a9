package scenarios

import (
	"context"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// Settings is how long and where scenarios run.
type Settings struct {
	Size Size
	Dir  string // where files are put; removed by whoever made it
}

// Size is how much of a scenario is done.
type Size int

// The sizes. Full is for figures that count, Quick for a first look, and Tiny only
// to see that everything works: its times mean nothing.
const (
	Full Size = iota
	Quick
	Tiny
)

// sample is how long one sample is to take, about.
func (s Settings) sample() time.Duration {
	return [...]time.Duration{150 * time.Millisecond, 40 * time.Millisecond, time.Millisecond}[s.Size]
}

// some returns the number for the size.
func (s Settings) some(full, quick, tiny int) int { return [...]int{full, quick, tiny}[s.Size] }

// items returns as many items as a sample can take.
func (s Settings) items() []work.Item { return work.Items(s.some(1<<20, 1<<20, 1<<9)) }

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
