package program

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// flags is what the command line asks for.
type flags struct {
	chosen  []choice
	some    bool // not every scenario
	rounds  int
	quick   bool
	list    bool
	report  string
	profile string
	seconds time.Duration
}

// quickRounds is the fewest whose interval covers the median in 95 % of cases.
const quickRounds = 6

// parse reads the command line.
func (p Program) parse(args []string, out io.Writer) (flags, error) {
	var f flags
	var names string
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(out)
	set.StringVar(&names, "scenario", "", "the `names` of scenarios, or of goals (P1) for what these need, separated by commas (without it, everything)")
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
	faults := []error{f.complete()}
	if f.some = names != ""; f.some {
		chosen, err := choose(p.Makers, strings.Split(names, ","))
		f.chosen, faults = chosen, append(faults, err)
	} else {
		f.chosen = everything(p.Makers)
	}
	return f, errors.Join(faults...)
}

// complete fills in what was not given.
func (f *flags) complete() error {
	switch {
	case f.rounds < 0:
		return fmt.Errorf("-rounds %d: must be at least 1", f.rounds)
	case f.rounds == 0 && f.quick:
		f.rounds = quickRounds
	case f.rounds == 0:
		f.rounds = measure.Enough
	}
	return nil
}
