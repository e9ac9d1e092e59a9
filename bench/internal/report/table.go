package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// Table writes every figure on a line: what it is, what was measured, what must
// be and what is aimed at, and whether that is met.
func Table(w io.Writer, r Run) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	rows := [][]string{{"", "figure", "measured", "95 % interval", "must", "goal", "met"}}
	for _, demanding := range []bool{true, false} {
		for _, result := range r.results(func(m measure.Result) bool { return m.Demanding() == demanding }) {
			rows = append(rows, cells(result))
		}
	}
	for _, row := range rows {
		_, _ = fmt.Fprintln(tab, strings.Join(row, "\t")) // Flush says
	}
	return tab.Flush()
}

// Samples writes every variant on a line: the median of its samples, its interval,
// and its allocations for each item.
func Samples(w io.Writer, r Run) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, o := range r.Outcomes {
		_, _ = fmt.Fprintf(tab, "\n%s\tmedian\t95 %% interval\tallocations\n", o.Scenario.Title) // Flush says
		for _, v := range o.Scenario.Variants {
			i, u := o.Values(v.Name), o.Scenario.Unit
			_, _ = fmt.Fprintf(tab, "  %s\t%s\t%s … %s\t%.3g\n", v.Name, u.Format(i.Median), u.Format(i.Low), u.Format(i.High), max(0, o.Allocs(v.Name).Median))
		}
	}
	return tab.Flush()
}

// cells returns the columns of a figure.
func cells(r measure.Result) []string {
	verdict := string(r.Verdict())
	if r.Verdict() != measure.Nothing && provisional(r) {
		verdict += fmt.Sprintf(" (only %d rounds)", r.N)
	}
	return []string{r.Goal, r.What, r.Unit.Format(r.Median), r.Unit.Format(r.Low) + " … " + r.Unit.Format(r.High), limit(r, r.Must, r.Demanding()), limit(r, r.Aim, r.Aim != 0 || r.Limits), verdict}
}

func limit(r measure.Result, v float64, there bool) string {
	sign := "≤ "
	if r.Least {
		sign = "≥ "
	}
	if !there {
		return "–"
	}
	return sign + strconv.FormatFloat(v, 'f', -1, 64) + string(r.Unit)
}

// sortByGoal sorts by the number of the goal, those without one last.
func sortByGoal(all []measure.Result) {
	number := func(r measure.Result) int {
		n, err := strconv.Atoi(strings.TrimPrefix(r.Goal, "P"))
		if err != nil {
			return 1 << 30
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b measure.Result) int { return cmp.Compare(number(a), number(b)) })
}
