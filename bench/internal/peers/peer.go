package peers

import (
	"context"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon/bench/internal/work"
)

// Shape is what the work is put through.
type Shape struct {
	Stages, Workers int
	Ordered         bool // what comes out is in the order of what went in
}

// String is the shape as tables show it.
func (s Shape) String() string {
	text := fmt.Sprintf("%d × %d", s.Stages, s.Workers)
	if s.Ordered {
		text += ", ordered"
	}
	return text
}

// Shapes are those at which every peer is checked.
func Shapes() []Shape {
	return []Shape{
		{Stages: 1, Workers: 1}, {Stages: 3, Workers: 1}, {Stages: 3, Workers: 4}, {Stages: 1, Workers: 256},
		{Stages: 1, Workers: 1, Ordered: true}, {Stages: 3, Workers: 4, Ordered: true}, {Stages: 2, Workers: 9, Ordered: true},
	}
}

// Job is one piece of work.
type Job struct {
	Shape
	Items []work.Item
	Step  work.Step
	// See is called with what comes out, by several goroutines at once where the
	// peer has several consumers. nil: nobody looks, as where time is taken.
	See func(work.Item)
}

// all puts one item through every stage, for those who do it in one go.
func (j Job) all(v work.Item) work.Item {
	for range j.Stages {
		v = j.Step(v)
	}
	return v
}

// Show shows an item to whoever looks.
func (j Job) Show(v work.Item) {
	if j.See != nil {
		j.See(v)
	}
}

// Peer is one way to do the work.
type Peer struct {
	Name string
	Run  func(context.Context, Job) (n int, err error) // n came out
	Fits func(Shape) bool                              // nil: any shape without order
	Slow int                                           // above 1: it is timed with so many times fewer items
	Note string                                        // what a reader of the figures must know
}

// Can reports whether the peer has that shape.
func (p Peer) Can(s Shape) bool {
	if p.Fits == nil {
		return !s.Ordered
	}
	return p.Fits(s)
}

// All returns ergon, channels by hand, and the peers that take no time to build.
func All() []Peer {
	return []Peer{
		Raw(), RawOrdered(), RawDealt(), RawFutures(), RawNaive(), Ergon(), ErgonUnsettled(),
		Rill(), ConcPool(), ConcStream(), GoStreams(), Ro(),
	}
}

// Check does the work once and returns how what came out differs from what must
// have.
func (p Peer) Check(ctx context.Context, s Shape, items []work.Item, step work.Step) error {
	var check work.Check
	n, err := p.Run(ctx, Job{Shape: s, Items: items, Step: step, See: check.See})
	if err == nil && n != len(items) {
		err = fmt.Errorf("peers: %d items were counted of %d", n, len(items))
	}
	if err = errors.Join(err, check.Err(work.WantOf(items, s.Stages, step, s.Ordered))); err != nil {
		return fmt.Errorf("%s, %s: %w", p.Name, s, err)
	}
	return nil
}
