package killing

import (
	"fmt"
	"time"
)

// Figures is what killing came to.
type Figures struct {
	Kills      int
	Busy       int // kills that found something in flight
	InFlight   int // what they found, in all
	Duplicates int // what was stored again after a kill, in all
	Most       int // duplicates of one kill
	Lasted     time.Duration
}

// Add adds other figures, but how long they took.
func (f *Figures) Add(o Figures) {
	f.Kills += o.Kills
	f.Busy += o.Busy
	f.InFlight += o.InFlight
	f.Duplicates += o.Duplicates
	f.Most = max(f.Most, o.Most)
}

// leastBusy is how many of a hundred kills must find something in flight: a kill
// that does not proves nothing.
const leastBusy = 80

// Fault returns why the kills prove too little, nil where they prove enough.
func (f Figures) Fault() error {
	if f.Busy*100 < f.Kills*leastBusy {
		return fmt.Errorf("killing: %d of %d kills found something in flight, less than %d %%", f.Busy, f.Kills, leastBusy)
	}
	return nil
}

// String is the figures on a line.
func (f Figures) String() string {
	kills := float64(max(f.Kills, 1))
	return fmt.Sprintf("%d kills in %.1f s, %.0f %% of them busy, %.1f in flight per kill; duplicates: %.2f per kill, at most %d",
		f.Kills, f.Lasted.Seconds(), 100*float64(f.Busy)/kills, float64(f.InFlight)/kills, float64(f.Duplicates)/kills, f.Most)
}
