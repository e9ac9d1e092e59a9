package work

import (
	"errors"
	"fmt"
	"sync"
)

// Want is what must have come out.
type Want struct {
	Count   int
	Sum     uint64
	Ordered bool // in the order in which it went in
}

// WantOf returns what must come of items after so many stages of a step.
func WantOf(items []Item, stages int, step Step, ordered bool) Want {
	want := Want{Count: len(items), Ordered: ordered}
	for _, v := range items {
		for range stages {
			v = step(v)
		}
		want.Sum += digest(v)
	}
	return want
}

// digest tells items apart, by all that is in them.
func digest(v Item) uint64 {
	return (v.ID*3 + v.A*5 + v.B*7 + v.C*11 + v.D + v.E) * 0x9e3779b97f4a7c15
}

// Check looks at what comes out. The zero value has seen nothing. Safe for
// concurrent use.
type Check struct {
	mu    sync.Mutex
	count int
	sum   uint64
	next  uint64
	mixed bool
}

// See takes note of one item.
func (c *Check) See(v Item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	c.sum += digest(v)
	c.mixed = c.mixed || v.ID != c.next
	c.next = v.ID + 1
}

// Err returns how what came out differs from what must have.
func (c *Check) Err(want Want) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var faults []error
	if c.count != want.Count {
		faults = append(faults, fmt.Errorf("work: %d items came out of %d", c.count, want.Count))
	}
	if c.sum != want.Sum {
		faults = append(faults, fmt.Errorf("work: the sum is %x, not %x", c.sum, want.Sum))
	}
	if want.Ordered && c.mixed {
		faults = append(faults, errors.New("work: the order is lost"))
	}
	return errors.Join(faults...)
}
