package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

// flags is what the command line asks for.
type flags struct {
	makers  []scenarios.Maker
	rounds  int
	quick   bool
	list    bool
	report  string
	profile string
	seconds time.Duration
}

// quickRounds is the fewest whose interval covers the median in 95 % of cases.
const quickRounds = 6

func parseFlags(args []string, out io.Writer) (flags, error) {
	var f flags
	var names string
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(out)
	set.StringVar(&names, "scenario", "", "the `names` of scenarios, separated by commas (without it, all)")
	set.IntVar(&f.rounds, "rounds", 0, fmt.Sprintf("how many rounds (without it, %d, or %d with -quick)", measure.Enough, quickRounds))
	set.BoolVar(&f.quick, "quick", false, "short samples and few rounds")
	set.BoolVar(&f.list, "list", false, "list the scenarios")
	set.StringVar(&f.report, "report", "", "write benchmarks.md and benchmarks.svg into this `folder`")
	set.StringVar(&f.profile, "profile", "", "instead of measuring, write profiles into this `folder`")
	set.DurationVar(&f.seconds, "for", 5*time.Second, "for how long a profile is taken")
	if err := set.Parse(args); err != nil {
		return f, err
	}
	if set.NArg() > 0 {
		return f, fmt.Errorf("unexpected argument %q", set.Arg(0))
	}
	return f, f.complete(names)
}

// complete fills in what was not given, and returns all that is wrong with the
// rest.
func (f *flags) complete(names string) error {
	var faults []error
	if f.rounds < 0 {
		faults = append(faults, fmt.Errorf("-rounds %d: must be at least 1", f.rounds))
	}
	switch {
	case f.rounds == 0 && f.quick:
		f.rounds = quickRounds
	case f.rounds == 0:
		f.rounds = measure.Enough
	}
	f.makers = scenarios.All()
	if names != "" {
		chosen, err := choose(f.makers, strings.Split(names, ","))
		f.makers, faults = chosen, append(faults, err)
	}
	return errors.Join(faults...)
}

// choose returns the scenarios of the given names, in their own order.
func choose(all []scenarios.Maker, names []string) ([]scenarios.Maker, error) {
	var faults []error
	for _, name := range names {
		if !slices.ContainsFunc(all, func(m scenarios.Maker) bool { return m.Name == name }) {
			faults = append(faults, fmt.Errorf("there is no scenario %q; -list names all", name))
		}
	}
	var chosen []scenarios.Maker
	for _, m := range all {
		if slices.Contains(names, m.Name) {
			chosen = append(chosen, m)
		}
	}
	return chosen, errors.Join(faults...)
}

func list(out io.Writer) error {
	tab := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, m := range scenarios.All() {
		_, _ = fmt.Fprintf(tab, "%s\t%s\n", m.Name, m.Title) // Flush says
	}
	return tab.Flush()
}
