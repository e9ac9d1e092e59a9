package planted

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/sourcegraph/conc/iter"
)

// What is promised of the hunt.
const (
	fewest     = 40 // bugs
	worst      = mostRuns
	mostMedian = 50 // runs
	healthy    = 330
)

// TestPlantedBugsAreFound switches on one bug after the other.
func TestPlantedBugsAreFound(t *testing.T) {
	began := time.Now()
	bugs := chosen(t)
	bin := build(t, bugs)
	built := time.Since(began)
	two := iter.Mapper[bug, find]{MaxGoroutines: 2}
	for _, f := range two.Map(none(bugs), func(b *bug) find { return hunt(t, bin, *b, healthy) }) {
		if f.found {
			t.Errorf("where no bug is switched on, %s in %s finds one: %s", f.by.run, f.by.dir, f.how)
		}
	}
	if t.Failed() {
		return
	}
	finds := two.Map(bugs, func(b *bug) find { return hunt(t, bin, *b, mostRuns) })
	for _, f := range finds {
		t.Run(f.name, func(t *testing.T) {
			if !f.found {
				t.Errorf("%s survives %d runs of %s in %s; it breaks: %s", f.name, f.runs, f.finder().run, f.finder().dir, f.promise)
			}
		})
	}
	t.Logf("built in %v, hunted in %v\n%s", built.Round(time.Second), (time.Since(began) - built).Round(time.Second), table(finds))
	judge(t, finds)
}

// none returns a bug that is none for each finder.
func none(bugs []bug) []bug {
	var all []bug
	for _, b := range bugs {
		if !slices.ContainsFunc(all, func(n bug) bool { return n.by == b.finder() }) {
			all = append(all, bug{name: "none", by: b.finder()})
		}
	}
	return all
}

// judge holds the figures against what is promised of them.
func judge(t *testing.T, finds []find) {
	t.Helper()
	if testing.Short() || only() != "" {
		return
	}
	runs := runsOf(finds)
	if len(finds) < fewest || len(runs) == 0 {
		t.Fatalf("%d bugs are planted, not %d", len(finds), fewest)
	}
	if median := runs[len(runs)/2]; median > mostMedian {
		t.Errorf("the median bug is found in run %d, not within %d", median, mostMedian)
	}
	if last := runs[len(runs)-1]; last > worst {
		t.Errorf("the worst bug is found in run %d, not within %d", last, worst)
	}
}

// runsOf returns in which run of the simulation bugs were found, sorted; one that
// was not counts as one more than there were.
func runsOf(finds []find) []int {
	var runs []int
	for _, f := range finds {
		switch {
		case f.finder() != simulation:
		case f.found:
			runs = append(runs, f.runs)
		default:
			runs = append(runs, mostRuns+1)
		}
	}
	slices.Sort(runs)
	return runs
}

// table returns what was found, and how.
func table(finds []find) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, f := range finds {
		run, by := "-", f.finder().dir
		if f.finder() == simulation {
			run, by = fmt.Sprint(f.runs), "sim"
		}
		if !f.found {
			run = "SURVIVES"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.name, by, run, f.how)
	}
	_ = w.Flush()
	if runs := runsOf(finds); len(runs) > 0 {
		fmt.Fprintf(&text, "%d bugs, %d by simulation: median run %d, worst %d", len(finds), len(runs), runs[len(runs)/2], runs[len(runs)-1])
	}
	return text.String()
}
