package engine

import (
	"time"

	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// Step is what the engine must know of one stage, sink or handler. It is made by
// whoever describes the pipeline, complete: no field is looked up anywhere else.
type Step struct {
	Name     string
	Index    int     // how far down the chain it stands
	Node     string  // its id in the graph
	Feeds    []*Step // what it hands on to
	Settings stage.Settings
	Workers  int
	Buffer   int
	Batch    int // above 1: it waits for so many
	Slab     int // the most it takes at once without waiting for them; 0: one
	Within   time.Duration
	Retry    retry.Policy
	Timeout  time.Duration // of one attempt
	Ordered  bool          // its input is in order, and its output must be
	Keyed    bool          // its input has keys
	Below    []int         // the lines further down
	Calm     bool          // on a branch that nobody waits for
}
