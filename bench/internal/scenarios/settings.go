package scenarios

import (
	"context"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// Settings is how long and where scenarios run.
type Settings struct {
	Size Size
	Dir  string // where files are put; removed by whoever made it
	// Others are peers that are measured beside those of peers.All, where all peers
	// are.
	Others []peers.Peer
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

// Some returns the number for the size.
func (s Settings) Some(full, quick, tiny int) int { return [...]int{full, quick, tiny}[s.Size] }

// items returns as many items as a sample can take.
func (s Settings) items() []work.Item { return work.Items(s.Some(1<<20, 1<<20, 1<<9)) }

// Maker makes a scenario.
type Maker struct {
	Name  string
	Title string
	Goals []string // of its figures, each once
	Open  func(context.Context, Settings) (*measure.Scenario, error)
	// Most is how many rounds are made at most in a quick run; 0: any number.
	Most int
}

// All returns every scenario of a goal, in the order of those.
func All() []Maker {
	return []Maker{
		oneStage(), threeStages(), threeStagesFourWorkers(), ordered(),
		cpu(), sleep(), retrying(), seam(), latency(), stages(), workers(), memory(), tracing(), measuring(),
	}
}
